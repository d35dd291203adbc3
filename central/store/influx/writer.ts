import { errorOf, unexpectedAnswer } from './answer.ts';
import type { InfluxAnswer } from './http.ts';
import type { Line, PreparedLines } from './prepared-lines.ts';
import type { StoreRejection } from '../sample-store.ts';

/** InfluxDB's documentation advises 5,000 to 10,000 lines a request; the bytes stay well under its 25 MB. */
const MAX_LINES = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;

interface RefusedLine {
  readonly line: Line;
  readonly reason: string;
}

/** `all`: InfluxDB says that it dropped every line of the request, not only some. */
type Attempt = { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly all: boolean };

/**
 * Writes every line that InfluxDB accepts and returns the rows of the others. `post` sends one body to /write. After a 400 some
 * lines are refused for good while the others are stored; sending the same lines again changes nothing.
 */
export async function writeLines(
  batches: readonly PreparedLines[],
  post: (body: Buffer) => Promise<InfluxAnswer>,
): Promise<readonly StoreRejection[]> {
  const rejections: StoreRejection[] = [];
  for (const part of parts(batches)) {
    const lineCount = part.reduce((sum, batch) => sum + batch.lineCount, 0);
    if (outcomeOf(await post(Buffer.concat(part.map(({ text }) => text))), lineCount).ok) continue;
    for (const { line, reason } of await findRefused(part, post)) {
      const { agent, epoch, seq } = line.batch;
      rejections.push({ agent, epoch, seq, row: line.row, reason });
    }
  }
  return rejections;
}

function findRefused(
  batches: readonly PreparedLines[],
  post: (body: Buffer) => Promise<InfluxAnswer>,
): Promise<readonly RefusedLine[]> {
  const attempt = async (lines: readonly Line[]): Promise<Attempt> =>
    outcomeOf(await post(Buffer.concat(lines.map(({ text }) => text))), lines.length);
  // A field type conflict refuses every line of its measurement: sorted by measurement they are found in a few attempts.
  const sorted = batches
    .flatMap((batch) => batch.lines())
    .sort((left, right) =>
      left.measurement === right.measurement ? 0 : left.measurement < right.measurement ? -1 : 1,
    );
  return findRefusedLines(sorted, attempt);
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

/** Whole batches, each of which is far smaller than a request may be. */
function* parts(batches: readonly PreparedLines[]): Generator<readonly PreparedLines[]> {
  let part: PreparedLines[] = [];
  let lines = 0;
  let bytes = 0;
  for (const batch of batches) {
    if (batch.lineCount === 0) continue;
    if (part.length > 0 && (lines + batch.lineCount > MAX_LINES || bytes + batch.text.length > MAX_BYTES)) {
      yield part;
      part = [];
      lines = 0;
      bytes = 0;
    }
    part.push(batch);
    lines += batch.lineCount;
    bytes += batch.text.length;
  }
  if (part.length > 0) yield part;
}
