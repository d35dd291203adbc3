import { errorOf, unexpectedAnswer } from './answer.ts';
import type { InfluxAnswer } from './http.ts';
import { tableLines } from './encode-lines.ts';
import type { CheckedBatch } from '../row-check.ts';
import type { StoreRejection } from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';

/** InfluxDB's documentation advises 5,000 to 10,000 lines a request; the bytes stay well under its 25 MB. */
const MAX_LINES = 5_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

interface Line {
  readonly text: string;
  readonly measurement: string;
  readonly batch: SampleBatch;
  readonly row: number;
}

interface RefusedLine {
  readonly line: Line;
  readonly reason: string;
}

/** `all`: InfluxDB says that it dropped every line of the request, not only some. */
type Attempt = { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly all: boolean };

/**
 * Writes every row that InfluxDB accepts and returns the others. `post` sends one body to /write. After a 400 some lines
 * are refused for good while the others are stored; sending the same lines again changes nothing.
 */
export async function writeLines(
  batches: readonly CheckedBatch[],
  post: (body: string) => Promise<InfluxAnswer>,
): Promise<readonly StoreRejection[]> {
  const attempt = async (lines: readonly Line[]): Promise<Attempt> =>
    outcomeOf(await post(lines.map((line) => line.text).join('\n')), lines.length);
  const rejections: StoreRejection[] = [];
  for (const part of parts(batches)) {
    for (const { line, reason } of await writePart(part, attempt)) {
      const { agent, epoch, seq } = line.batch;
      rejections.push({ agent, epoch, seq, row: line.row, reason });
    }
  }
  return rejections;
}

async function writePart(
  lines: readonly Line[],
  attempt: (lines: readonly Line[]) => Promise<Attempt>,
): Promise<readonly RefusedLine[]> {
  const first = await attempt(lines);
  if (first.ok) return [];
  // A field type conflict refuses every line of its measurement: sorted by measurement they are found in a few attempts.
  const sorted = lines.toSorted((left, right) =>
    left.measurement === right.measurement ? 0 : left.measurement < right.measurement ? -1 : 1,
  );
  return await findRefusedLines(sorted, attempt);
}

/** Halves what is refused until each refused line is alone: about log2(n) attempts a line. */
async function findRefusedLines(
  lines: readonly Line[],
  attempt: (lines: readonly Line[]) => Promise<Attempt>,
): Promise<readonly RefusedLine[]> {
  const refused: RefusedLine[] = [];
  const pending: (readonly Line[])[] = [lines];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const outcome = await attempt(part);
    if (outcome.ok) continue;
    if (outcome.all || part.length === 1) {
      for (const line of part) refused.push({ line, reason: outcome.reason });
    } else {
      const middle = Math.ceil(part.length / 2);
      pending.push(part.slice(middle), part.slice(0, middle));
    }
  }
  return refused;
}

function outcomeOf(answer: InfluxAnswer, lineCount: number): Attempt {
  if (answer.status === 204) return { ok: true };
  const reason = errorOf(answer);
  if (answer.status === 413) return { ok: false, reason: reason ?? 'too large for InfluxDB', all: false };
  // Only InfluxDB itself may refuse data for good; a proxy's 400 may not.
  if (answer.status !== 400 || reason === undefined) throw unexpectedAnswer(answer);
  const dropped = /dropped=(\d+)$/.exec(reason)?.[1];
  return { ok: false, reason: reason.slice(0, 300), all: dropped === String(lineCount) };
}

function* parts(batches: readonly CheckedBatch[]): Generator<readonly Line[]> {
  let part: Line[] = [];
  let characters = 0;
  for (const line of linesOf(batches)) {
    if (part.length === MAX_LINES || (part.length > 0 && characters + line.text.length > MAX_CHARACTERS)) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push(line);
    characters += line.text.length + 1;
  }
  if (part.length > 0) yield part;
}

function* linesOf(batches: readonly CheckedBatch[]): Generator<Line> {
  for (const { batch, tables } of batches) {
    for (const table of tables) {
      let index = 0;
      for (const text of tableLines(table)) {
        yield { text, measurement: table.measurement, batch, row: table.numbers[index++] ?? 0 };
      }
    }
  }
}
