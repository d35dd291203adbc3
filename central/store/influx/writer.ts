import { errorOf, unexpectedAnswer } from './answer.ts';
import type { InfluxAnswer } from './http.ts';
import type { Line, PreparedLines } from './prepared-lines.ts';
import { causeOf } from './refusals.ts';
import type { StoreLimit, StoreRejection } from '../sample-store.ts';

/** InfluxDB's documentation advises 5,000 to 10,000 lines a request; the bytes stay well under its 25 MB. */
const MAX_LINES = 5_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_REASON_CHARS = 300;

export interface Written {
  readonly rejections: readonly StoreRejection[];
  /** Batches of which at least one line met a limit of InfluxDB's own; their other lines may be stored. */
  readonly held: ReadonlySet<PreparedLines>;
  /** Which limit, and what InfluxDB said about it. */
  readonly limit: { readonly name: StoreLimit; readonly reason: string } | undefined;
}

type Attempt =
  | { readonly ok: true }
  /** `all`: InfluxDB says that it dropped every line of the request, not only some. */
  | { readonly ok: false; readonly reason: string; readonly limit?: StoreLimit; readonly all: boolean };

type Post = (body: Buffer) => Promise<InfluxAnswer>;

/**
 * Writes every line that InfluxDB takes and finds the others. `post` sends one body to /write. After a 400 some lines are refused while the
 * others are stored; sending the same lines again changes nothing.
 */
export async function writeLines(batches: readonly PreparedLines[], post: Post): Promise<Written> {
  const search = new Search(post);
  for (const part of parts(batches)) await search.write(part);
  return search;
}

/** Finds which lines are refused for good, and which batches meet a limit. */
class Search implements Written {
  readonly rejections: StoreRejection[] = [];
  readonly held = new Set<PreparedLines>();
  limit: Written['limit'];
  readonly #post: Post;

  constructor(post: Post) {
    this.#post = post;
  }

  /** A limit holds whole batches: halving down to its lines would only ask more often. */
  async write(part: readonly PreparedLines[]): Promise<void> {
    const pending: (readonly PreparedLines[])[] = [part];
    for (let some = pending.pop(); some !== undefined; some = pending.pop()) {
      const lineCount = some.reduce((sum, batch) => sum + batch.lineCount, 0);
      const outcome = await this.#attempt(
        some.map(({ text }) => text),
        lineCount,
      );
      if (outcome.ok) continue;
      const [first] = some;
      if (outcome.limit === undefined) await this.#findLines(some);
      else if (some.length === 1 && first !== undefined) this.#hold(first, outcome.limit, outcome.reason);
      else pending.push(...halves(some));
    }
  }

  /** Halves what is refused until each refused line is alone: about log2(n) attempts a line. */
  async #findLines(batches: readonly PreparedLines[]): Promise<void> {
    // A field type conflict refuses every line of its measurement: sorted by measurement they are found in a few attempts.
    const sorted = batches
      .flatMap((batch) => batch.lines())
      .sort((left, right) =>
        left.measurement === right.measurement ? 0 : left.measurement < right.measurement ? -1 : 1,
      );
    const pending: (readonly Line[])[] = [sorted];
    for (let some = pending.pop(); some !== undefined; some = pending.pop()) {
      const outcome = await this.#attempt(
        some.map(({ text }) => text),
        some.length,
      );
      if (outcome.ok) continue;
      if (some.length > 1 && !outcome.all) pending.push(...halves(some));
      else for (const line of some) this.#refuse(line, outcome);
    }
  }

  #refuse({ batch, row }: Line, { limit, reason }: Exclude<Attempt, { ok: true }>): void {
    if (limit === undefined) {
      const { agent, epoch, seq } = batch;
      this.rejections.push({ agent, epoch, seq, row, reason });
    } else {
      this.#hold(batch, limit, reason);
    }
  }

  #hold(batch: PreparedLines, name: StoreLimit, reason: string): void {
    this.held.add(batch);
    this.limit ??= { name, reason };
  }

  async #attempt(texts: readonly Buffer[], lineCount: number): Promise<Attempt> {
    return outcomeOf(await this.#post(Buffer.concat(texts)), lineCount);
  }
}

function outcomeOf(answer: InfluxAnswer, lineCount: number): Attempt {
  if (answer.status === 204) return { ok: true };
  const text = errorOf(answer);
  if (answer.status === 413) return { ok: false, reason: text ?? 'too large for InfluxDB', all: false };
  // Only InfluxDB itself may refuse data for good; a proxy's 400 may not, nor a text that is not known to be about a line.
  const cause = text === undefined ? undefined : causeOf(text);
  if (answer.status !== 400 || text === undefined) throw unexpectedAnswer(answer);
  if (cause === undefined) throw unexpectedAnswer(answer, 'unknown refusal');
  const dropped = /dropped=(\d+)$/.exec(text)?.[1];
  const reason = text.slice(0, MAX_REASON_CHARS);
  const all = dropped === String(lineCount);
  return cause === 'row' ? { ok: false, reason, all } : { ok: false, reason, all, limit: cause };
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(middle), items.slice(0, middle)];
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
