import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeSamples } from '../../../contract/codec.ts';
import type { Sample } from '../../../contract/sample.ts';
import { cityShape, valuesIn } from '../shapes.ts';

/** What one agent sends each interval: bodies in which the time is filled in at each send, so that every point is new. */
export interface LoadAgent {
  readonly agent: string;
  readonly bodies: readonly StampedBody[];
}

export interface StampedBody {
  readonly at: (baseMs: number) => Buffer;
  readonly points: number;
  readonly values: number;
}

/** One instant of the city; the same values are sent again with new times. */
export function cityLoads(): LoadAgent[] {
  return cityShape(Date.now()).map(({ agent, samples }) => toLoad(agent, samples));
}

export function toLoad(agent: string, samples: readonly Sample[]): LoadAgent {
  let next = 0;
  const bodies = encodeSamples(samples).bodies.map(({ bytes, points }) => ({
    at: restamp(bytes),
    points,
    values: valuesIn(samples.slice(next, (next += points))),
  }));
  return { agent, bodies };
}

/** A third gzip member only for the time, so that the generator does not compress the same rows repeatedly. */
function restamp(body: Buffer): (baseMs: number) => Buffer {
  const text = gunzipSync(body).toString('utf8');
  const comma = text.indexOf(',');
  const rest = gzipSync(text.slice(comma));
  return (baseMs) => Buffer.concat([gzipSync(`"baseMs":${baseMs}`, { level: 1 }), rest]);
}
