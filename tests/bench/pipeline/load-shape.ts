import { gunzipSync, gzipSync } from 'node:zlib';
import { encodeSamples } from '../../../contract/codec.ts';
import type { Sample } from '../../../contract/sample.ts';
import { cityShape, valuesIn, type AgentSamples, type CityScale } from '../shapes.ts';
import { lineHead } from './line-head.ts';

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

/** `batches`: for central. `lines`: the same samples in messages of line protocol, for Telegraf. */
export type LoadFormat = 'batches' | 'lines';

/** Prepared, since the generator should cost little: neighbours in time, so that values move slowly and together. */
const INSTANTS = 4;
const INSTANT_MS = 10_000;

/** Some instants of the city, sent forth and back with new times: an agent sends the next at each send. */
export function cityLoads(nowMs: number, scale: CityScale, format: LoadFormat): LoadAgent[] {
  const byAgent = new Map<string, LoadAgent[]>();
  for (let at = 0; at < INSTANTS; at++) {
    for (const each of cityShape(nowMs + at * INSTANT_MS, scale)) {
      const instants = byAgent.get(each.agent) ?? [];
      byAgent.set(each.agent, [...instants, toLoad(each, format)]);
    }
  }
  return [...byAgent].map(([agent, instants]) => forthAndBack(agent, instants));
}

/** 0, 1, 2, 3, 2, 1, 0, and so on: the last is no neighbour of the first. */
export function forthAndBack(agent: string, instants: readonly LoadAgent[]): LoadAgent {
  const turns = [...instants, ...instants.slice(1, -1).reverse()];
  let next = 0;
  return {
    agent,
    get bodies() {
      return turns[next++ % turns.length]?.bodies ?? [];
    },
  };
}

/** A message of lines carries what a batch carries. */
export function toLoad({ agent, samples }: AgentSamples, format: LoadFormat): LoadAgent {
  let next = 0;
  const bodies = encodeSamples(samples).bodies.map(({ bytes, points }) => {
    const part = samples.slice(next, (next += points));
    const at = format === 'batches' ? restamp(bytes) : restampLines(agent, part);
    return { at, points, values: valuesIn(part) };
  });
  return { agent, bodies };
}

/** Times in ns, Telegraf's default. */
function restampLines(agent: string, samples: readonly Sample[]): (baseMs: number) => Buffer {
  const firstMs = samples[0]?.timeMs ?? 0;
  const lines = samples.map((sample) => ({
    head: lineHead(agent, sample),
    offsetMs: sample.timeMs - firstMs,
  }));
  return (baseMs) =>
    Buffer.from(lines.map(({ head, offsetMs }) => `${head} ${baseMs + offsetMs}000000`).join('\n'));
}

/** A third gzip member only for the time, so that the generator does not compress the same rows repeatedly. */
function restamp(body: Buffer): (baseMs: number) => Buffer {
  const text = gunzipSync(body).toString('utf8');
  const comma = text.indexOf(',');
  const rest = gzipSync(text.slice(comma));
  return (baseMs) => Buffer.concat([gzipSync(`"baseMs":${baseMs}`, { level: 1 }), rest]);
}
