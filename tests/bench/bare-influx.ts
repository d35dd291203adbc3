import { startInflux } from '../support/influx.ts';
import { BULK_VALUES_PER_POINT, FLOOD_AGENTS, interfaceBatch } from './bulk-shape.ts';

const POINTS_PER_WRITE = 4_800;
const WRITES_AT_ONCE = 2;

export interface CeilingResult {
  readonly pointsPerS: number;
  readonly valuesPerS: number;
}

/** The ceiling: ready-made line protocol of the same points, only the time put in, from one process. */
export async function bareInfluxPointsPerS(seconds: number): Promise<CeilingResult> {
  const influx = await startInflux();
  try {
    await fetch(`${influx.url}/query?q=${encodeURIComponent('CREATE DATABASE bench')}`, { method: 'POST' });
    const writes = floodWrites();
    const stamp = Date.now() - 6 * 3_600_000;
    let next = 0;
    const writeOne = async (): Promise<number> => {
      const heads = writes[next % writes.length] ?? [];
      const time = stamp + Math.floor(next++ / writes.length);
      const body = heads.map((head) => `${head} ${time}`).join('\n');
      const answer = await fetch(`${influx.url}/write?db=bench&precision=ms`, { method: 'POST', body });
      if (answer.status !== 204) {
        throw new Error(`InfluxDB answers ${answer.status}: ${await answer.text()}`);
      }
      return heads.length;
    };
    // As in the pipeline's warm-up, the series are there before the measuring.
    while (next < writes.length) await writeOne();
    const startMs = Date.now();
    const untilMs = startMs + seconds * 1_000;
    let points = 0;
    const writer = async (): Promise<void> => {
      while (Date.now() < untilMs) {
        const written = await writeOne();
        points += written;
      }
    };
    await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writer));
    const pointsPerS = points / ((Date.now() - startMs) / 1_000);
    return { pointsPerS, valuesPerS: pointsPerS * BULK_VALUES_PER_POINT };
  } finally {
    await influx.stop();
  }
}

/** The lines of the flood, agent by agent, but for the time: the same series, in writes of the same size. */
function floodWrites(): string[][] {
  const heads = Array.from({ length: FLOOD_AGENTS }, (_, index) => `flood-${index}`).flatMap((agent) =>
    interfaceBatch(agent).map((sample) => toLineHead(agent, sample)),
  );
  return Array.from({ length: Math.ceil(heads.length / POINTS_PER_WRITE) }, (_, index) =>
    heads.slice(index * POINTS_PER_WRITE, (index + 1) * POINTS_PER_WRITE),
  );
}

function toLineHead(agent: string, sample: ReturnType<typeof interfaceBatch>[number]): string {
  const tags = Object.entries({ agent, ...sample.tags }).map(([name, value]) => `,${name}=${value}`);
  const fields = Object.entries(sample.fields).map(([name, value]) => `${name}=${String(value)}`);
  return `${sample.measurement}${tags.join('')} ${fields.join(',')}`;
}
