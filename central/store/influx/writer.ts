import { errorOf, unexpectedAnswer } from './answer.ts';
import type { InfluxAnswer } from './http.ts';
import { tableLines } from './encode-lines.ts';
import { writeWithoutOffenders, type Attempt, type Offender } from './offender-search.ts';
import type { CheckedBatch } from '../row-check.ts';
import type { StoreRejection } from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';

/** InfluxDB's own advice is 5,000 to 10,000 lines; the bytes stay well under its 25 MB. */
const MAX_LINES = 5_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

interface Line {
  readonly text: string;
  readonly measurement: string;
  readonly batch: SampleBatch;
  readonly row: number;
}

/**
 * Writes everything that InfluxDB will take. `post` sends one body to /write. A 400 is final for some of its lines
 * while the others are stored; the same lines may be sent again without harm.
 */
export async function writeLines(
  batches: readonly CheckedBatch[],
  post: (body: string) => Promise<InfluxAnswer>,
): Promise<readonly StoreRejection[]> {
  const rejections: StoreRejection[] = [];
  for (const part of parts(batches)) {
    for (const { item, reason } of await writePart(part, post)) {
      const { agent, epoch, seq } = item.batch;
      rejections.push({ agent, epoch, seq, row: item.row, reason });
    }
  }
  return rejections;
}

async function writePart(
  lines: readonly Line[],
  post: (body: string) => Promise<InfluxAnswer>,
): Promise<readonly Offender<Line>[]> {
  const attempt = async (some: readonly Line[]): Promise<Attempt> =>
    outcomeOf(await post(some.map((line) => line.text).join('\n')), some.length);
  const first = await attempt(lines);
  if (first.ok) return [];
  // A field of another type refuses every line of its measurement: side by side they are found in a few attempts.
  const together = lines.toSorted((left, right) =>
    left.measurement === right.measurement ? 0 : left.measurement < right.measurement ? -1 : 1,
  );
  return await writeWithoutOffenders(together, attempt);
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
