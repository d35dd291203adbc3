import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import type { CityModel } from '../../simulators/city/city.ts';

/** What one agent sends each interval: bodies whose time is put in at each send, so that every point is a new one. */
export interface LoadAgent {
  readonly agent: string;
  readonly bodies: readonly StampedBody[];
  readonly points: number;
  readonly values: number;
}

export interface StampedBody {
  readonly at: (baseMs: number) => Buffer;
  readonly points: number;
}

/** Takes one instant of the city; the same values are sent again and again under new times. */
export function loadOf(model: CityModel, agents: readonly string[], timeMs: number): LoadAgent[] {
  return agents.flatMap((agent) => {
    const samples = model.samplesAt(agent, timeMs);
    return samples === undefined || samples.length === 0 ? [] : [toLoad(agent, samples)];
  });
}

export function toLoad(agent: string, samples: readonly Sample[]): LoadAgent {
  const { bodies } = encodeSamples(samples);
  return {
    agent,
    bodies: bodies.map((body) => ({ at: restamp(body.bytes), points: body.points })),
    points: samples.length,
    values: samples.reduce((sum, sample) => sum + Object.keys(sample.fields).length, 0),
  };
}

/** A third gzip member for the time alone, so that the generator does not compress the same rows over and over. */
function restamp(body: Buffer): (baseMs: number) => Buffer {
  const text = gunzipSync(body).toString('utf8');
  const comma = text.indexOf(',');
  const rest = gzipSync(text.slice(comma));
  return (baseMs) => Buffer.concat([gzipSync(`"baseMs":${baseMs}`, { level: 1 }), rest]);
}
