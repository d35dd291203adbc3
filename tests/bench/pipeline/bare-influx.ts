import { runOnInflux } from '../../support/influx.ts';
import { fullShape, valuesIn } from '../shapes.ts';
import { FLOOD_AGENTS } from './flood-agents.ts';
import { lineHead } from './line-head.ts';

/** As large as central's writes: five full batches. */
const AGENTS_PER_WRITE = 5;
const WRITES_AT_ONCE = 2;
const DATABASE = 'bare';

interface Part {
  readonly heads: readonly string[];
  readonly values: number;
}

/** The upper limit: prepared line protocol of the flood's series, in which only the time is filled in, from one process. */
export class BareWriter {
  readonly #url: string;
  readonly #parts: readonly Part[];
  readonly #startMs = Date.now() - 6 * 3_600_000;
  #writes = 0;

  private constructor(url: string) {
    this.#url = url;
    this.#parts = Array.from({ length: FLOOD_AGENTS.length / AGENTS_PER_WRITE }, (_, part) =>
      toPart(FLOOD_AGENTS.slice(part * AGENTS_PER_WRITE, (part + 1) * AGENTS_PER_WRITE)),
    );
  }

  /** Creates a database in which every series has its first point. */
  static async open(url: string): Promise<BareWriter> {
    await runOnInflux(url, `CREATE DATABASE ${DATABASE}`);
    const writer = new BareWriter(url);
    for (const part of writer.#parts) await writer.#post(part, writer.#startMs - 1);
    return writer;
  }

  async write(seconds: number): Promise<{ valuesPerS: number }> {
    const beganMs = performance.now();
    let values = 0;
    const writer = async (): Promise<void> => {
      while (performance.now() < beganMs + seconds * 1_000) values += await this.#writeNext();
    };
    await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writer));
    return { valuesPerS: values / ((performance.now() - beganMs) / 1_000) };
  }

  /** Writes part after part, each pass a millisecond later; resolves to the number of values written. */
  async #writeNext(): Promise<number> {
    const write = this.#writes++;
    const part = this.#parts[write % this.#parts.length];
    if (part === undefined) return 0;
    await this.#post(part, this.#startMs + Math.floor(write / this.#parts.length));
    return part.values;
  }

  async #post({ heads }: Part, timeMs: number): Promise<void> {
    const body = heads.map((head) => `${head} ${timeMs}`).join('\n');
    const answer = await fetch(`${this.#url}/write?db=${DATABASE}&precision=ms`, { method: 'POST', body });
    if (answer.status !== 204) throw new Error(`InfluxDB answers ${answer.status}: ${await answer.text()}`);
  }
}

function toPart(agents: readonly string[]): Part {
  const shape = fullShape(agents, 0);
  return {
    heads: shape.flatMap(({ agent, samples }) => samples.map((sample) => lineHead(agent, sample))),
    values: shape.reduce((sum, { samples }) => sum + valuesIn(samples), 0),
  };
}
