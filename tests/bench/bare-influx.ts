import { startInflux } from '../support/influx.ts';
import { BULK_VALUES_PER_POINT, interfaceBatch } from './bulk-shape.ts';

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
    const heads = ['a', 'b', 'c', 'd', 'e']
      .flatMap((name) => interfaceBatch(`flood-${name}`))
      .map(toLineHead);
    const startMs = Date.now();
    const untilMs = startMs + seconds * 1_000;
    let stamp = startMs - 6 * 3_600_000;
    let points = 0;
    const writer = async (): Promise<void> => {
      while (Date.now() < untilMs) {
        const time = stamp++;
        const body = heads
          .slice(0, POINTS_PER_WRITE)
          .map((head) => `${head} ${time}`)
          .join('\n');
        const answer = await fetch(`${influx.url}/write?db=bench&precision=ms`, { method: 'POST', body });
        if (answer.status !== 204)
          throw new Error(`InfluxDB answers ${answer.status}: ${await answer.text()}`);
        points += Math.min(POINTS_PER_WRITE, heads.length);
      }
    };
    await Promise.all(Array.from({ length: WRITES_AT_ONCE }, writer));
    const pointsPerS = points / ((Date.now() - startMs) / 1_000);
    return { pointsPerS, valuesPerS: pointsPerS * BULK_VALUES_PER_POINT };
  } finally {
    await influx.stop();
  }
}

function toLineHead(sample: ReturnType<typeof interfaceBatch>[number]): string {
  const tags = Object.entries(sample.tags).map(([name, value]) => `,${name}=${value}`);
  const fields = Object.entries(sample.fields).map(([name, value]) => `${name}=${String(value)}`);
  return `${sample.measurement}${tags.join('')} ${fields.join(',')}`;
}
