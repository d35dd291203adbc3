import { gzipSync } from 'node:zlib';
import { toTables } from '../../../contract/tables.ts';
import { agentTopic, FLOW_TOPIC } from '../../../contract/topics.ts';
import { buildCity } from '../../../simulators/city/build-city.ts';
import { rawBatch } from '../../support/raw-agent.ts';
import { mutateBytes } from './byte-mutations.ts';
import { below, pick, pickWeighted, type Seeded, type Weighted } from './choice.ts';
import { mutateJson } from './json-mutations.ts';

export interface FuzzedMessage {
  readonly topic: string;
  readonly payload: Buffer;
}

type Make = (agent: string, random: Seeded) => FuzzedMessage;

const SAMPLES_A_BATCH = 10;
const MAX_FUZZED_SEQ = 1_000_000;
const EPOCHS = ['fuzz0001', 'fuzz0002', 'fuzz0003'];

/** Makes messages from those of a simulated city, most of them wrong in one to three places. */
export function fuzzedMessages(): Make {
  const tables = cityTables();
  const batch = (random: Seeded): Record<string, unknown> => ({
    v: 1,
    epoch: pick(EPOCHS, random),
    seq: 1 + below(MAX_FUZZED_SEQ, random),
    lowest: 1,
    sentAtMs: Date.now(),
    backfill: random() < 0.1,
    baseMs: Date.now() - below(60_000, random),
    tables: pick(tables, random),
    ...(random() < 0.1 && {
      losses: [{ from: 1, to: 1 + below(9, random), points: 5, fromMs: 1, toMs: 2, reason: 'queue-full' }],
    }),
  });
  const small = rawBatch(1, [{ measurement: 'system', tags: {}, fields: { load1: 1 }, timeMs: Date.now() }]);
  const up = (agent: string, payload: Buffer): FuzzedMessage => ({ topic: agentTopic(agent, 'up'), payload });
  const kinds: readonly Weighted<Make>[] = [
    { weight: 10, value: (agent, random) => up(agent, deflate(JSON.stringify(batch(random)))) },
    { weight: 50, value: (agent, random) => up(agent, deflate(mutateJson(batch(random), random))) },
    {
      weight: 8,
      value: (agent, random) => up(agent, mutateBytes(deflate(JSON.stringify(batch(random))), random)),
    },
    { weight: 4, value: (agent, random) => up(agent, mutateBytes(small, random)) },
    { weight: 4, value: (agent, random) => up(agent, inMembers(JSON.stringify(batch(random)), random)) },
    {
      weight: 10,
      value: (agent, random) => ({
        topic: agentTopic(agent, 'state'),
        payload: Buffer.from(mutateJson(state(random), random)),
      }),
    },
    {
      weight: 3,
      value: (agent, random) => ({
        topic: agentTopic(agent, 'result'),
        payload: Buffer.from(mutateJson(state(random), random)),
      }),
    },
    {
      weight: 4,
      value: (agent, random) => ({
        topic: oddTopic(agent, random),
        payload: deflate(JSON.stringify(batch(random))),
      }),
    },
  ];
  return (agent, random) => pickWeighted(kinds, random)(agent, random);
}

function cityTables(): readonly unknown[] {
  const model = buildCity({ seed: 1, unitCount: 3 });
  const timeMs = Date.now();
  return model.inventory.agents.slice(0, 12).flatMap(({ id }) => {
    const samples = [...(model.samplesAt(id, timeMs) ?? [])];
    const parts: unknown[] = [];
    for (let at = 0; at < samples.length; at += SAMPLES_A_BATCH) {
      parts.push(toTables(samples.slice(at, at + SAMPLES_A_BATCH), timeMs));
    }
    return parts;
  });
}

function deflate(text: string): Buffer {
  return gzipSync(text, { level: 1 });
}

/** As many gzip members as it takes, which is allowed, now and then with rubbish between them. */
function inMembers(text: string, random: Seeded): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length;) {
    const next = at + 1 + below(text.length, random);
    parts.push(deflate(text.slice(at, next)));
    if (random() < 0.2) parts.push(Buffer.from([below(256, random)]));
    at = next;
  }
  return Buffer.concat(parts);
}

function state(random: Seeded): Record<string, unknown> {
  return {
    v: 1,
    online: random() < 0.8,
    birth: 1 + below(1_000, random),
    reason: 'will',
    kind: 'gateway',
    software: 'fuzz',
    epoch: pick(EPOCHS, random),
    lowest: 1,
    highest: below(MAX_FUZZED_SEQ, random),
    queueBytes: 1_000,
    lostBatches: 0,
    intervalMs: 10_000,
    configRevision: 1,
    configProblem: { revision: 1, reason: 'none' },
  };
}

function oddTopic(agent: string, random: Seeded): string {
  const own = agentTopic(agent, 'up');
  return pick(
    [
      own.replace('/up', '/ack'),
      own.replace('/up', '/config'),
      own.replace('/up', ''),
      `${own}/more`,
      `/${own}`,
      own.replace(/\/\d{3}\//, `/${below(1_000, random)}/`),
      own.replace(agent, 'gw-good-1'),
      own.replace(agent, 'central'),
      agentTopic('gw-good-1', 'up'),
      FLOW_TOPIC,
      'wardwatch/2/000/x/up',
      '#',
      'wardwatch/1/+/+/up',
      '$SYS/broker/uptime',
      '$share/group/wardwatch/1/+/+/up',
      '',
      '/',
      '\u0000',
      '\u{1f4a5}',
      'a/'.repeat(2_000),
      'x'.repeat(60_000),
      'spBv1.0/group/NBIRTH/node',
    ],
    random,
  );
}
