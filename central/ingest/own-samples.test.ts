import { afterEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { agentTopic, CENTRAL_AGENT } from '../../contract/topics.ts';
import { Workbench } from './testing/workbench.ts';
import { createValidator } from './validate/validator.ts';

let bench: Workbench;
afterEach(() => bench.dispose());

const open = (more: ConstructorParameters<typeof Workbench>[0] = {}): void => {
  bench = new Workbench({ validator: createValidator(CATALOGUE), ...more });
};

const pipeline = (fields: Record<string, number | string>) => ({
  measurement: 'pipeline',
  tags: {},
  fields,
  timeMs: bench.clock.now(),
});

async function settle(): Promise<void> {
  await bench.clock.advance(2_000);
  await bench.quarantine.flush();
  await bench.clock.advance(1);
}

it("central's own samples are validated, observed, stored and in the ledger, and acknowledged to nobody", async () => {
  const observed: string[] = [];
  open({ observers: [{ observe: ({ agent }) => observed.push(agent) }] });
  await bench.ingest.start(new AbortController().signal);
  bench.ingest.own.write([pipeline({ lag_ms: 3 })]);
  await settle();
  expect(observed).toEqual([CENTRAL_AGENT]);
  expect([...bench.store.batches.values()]).toMatchObject([
    {
      agent: CENTRAL_AGENT,
      tables: [{ measurement: 'pipeline' }, { measurement: 'ingest_batch' }],
    },
  ]);
  expect(bench.ledger.entries(CENTRAL_AGENT)).toMatchObject([{ storedPoints: 1, completeness: 1 }]);
  expect(bench.bus.published.filter(({ topic }) => topic.endsWith('/ack'))).toEqual([]);
});

it('a wrong one of them is refused by name, like that of an agent', async () => {
  open();
  bench.ingest.own.write([pipeline({ lag_ms: 'slow' }), { ...pipeline({}), measurement: 'ping', tags: {} }]);
  await settle();
  expect(
    (await bench.quarantine.list({ limit: 9 })).map(({ agent, reason }) => [agent, reason]).sort(),
  ).toEqual(
    [
      [CENTRAL_AGENT, 'lag_ms is "slow", expected a finite number'],
      [CENTRAL_AGENT, 'ping is written by agents only'],
    ].sort(),
  );
});

it('those that find no space are judged all the same, and declared lost once there is some', async () => {
  open({ limits: { bufferMaxBytes: 1 } });
  await bench.ingest.start(new AbortController().signal);
  bench.store.mode = 'down';
  for (let at = 0; at < 3; at++) bench.ingest.own.write([pipeline({ lag_ms: at })]);
  expect(bench.ingest.stats().judgedUnstoredBatches).toBe(2);
  await bench.clock.advance(500);
  bench.store.mode = 'good';
  await bench.clock.advance(60_000);
  await settle();
  expect(bench.ledger.entries(CENTRAL_AGENT)).toMatchObject([
    { declaredLost: [[2, 3]], lostPoints: 2, missing: [] },
  ]);
});

it('nobody else can write under the name of central, nor what only central writes', async () => {
  open();
  bench.send(CENTRAL_AGENT, 1);
  bench.bus.receive(agentTopic(CENTRAL_AGENT, 'state'), '{}');
  const batch = createValidator(CATALOGUE).validate(
    'gw-1',
    {
      v: 1,
      epoch: 'abcdefgh',
      seq: 1,
      lowest: 1,
      sentAtMs: bench.clock.now(),
      backfill: false,
      baseMs: bench.clock.now(),
      tables: [{ measurement: 'pipeline', tags: [], fields: ['lag_ms'], rows: [[[], 0, [1]]] }],
    },
    bench.clock.now(),
  );
  expect(batch.refusals).toMatchObject([{ code: 'not-allowed' }]);
  await settle();
  expect(bench.ingest.stats().refusedMessages).toEqual({ 'bad-topic': 2 });
  expect(bench.store.batches.size).toBe(0);
});

it('none is taken once central stops', async () => {
  open();
  const stopped = bench.ingest.stop();
  bench.ingest.own.write([pipeline({ lag_ms: 1 })]);
  await bench.clock.advance(10_000);
  await stopped;
  expect(bench.store.batches.size).toBe(0);
});
