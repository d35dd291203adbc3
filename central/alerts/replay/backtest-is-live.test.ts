import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { createRule } from '../rules/create-rule.ts';
import { ruleKinds } from '../rules/kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../rules/load-rules.ts';
import type { AlertRule } from '../rules/rule.ts';
import { S, START } from '../testing/engine-harness.ts';
import { KindHarness, type SentRow } from '../testing/kind-harness.ts';
import { ListStore } from '../testing/list-store.ts';
import { backtest, type BacktestResult } from './backtest.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

/** A new one each time: rules remember what they saw. */
function rule(id: string): AlertRule {
  const content = shipped.find((one) => one.id === id)?.content;
  return createRule({ id, source: 'test', content }, CATALOGUE, ruleKinds);
}

let harness: KindHarness;
let store: ListStore;
beforeEach(() => {
  harness = new KindHarness();
  store = new ListStore();
});
afterEach(() => harness.end());

/** By second. */
type Night = readonly { readonly atS: number; readonly row: SentRow }[];

/** Central hears it second by second, and its store keeps it. */
async function live(id: string, night: Night, untilS: number): Promise<unknown[]> {
  const engine = harness.start([rule(id)]);
  const rest = [...night].sort((a, b) => a.atS - b.atS);
  for (let atS = 0; atS < untilS; atS++) {
    if (atS > 0) await harness.clock.advance(S);
    // What is measured in a second comes after its tick.
    engine.tick(START + atS * S);
    for (let next = rest[0]; next?.atS === atS; next = rest[0]) {
      rest.shift();
      const { tags, fields, agent = 'gw-1' } = next.row;
      harness.send(atS, next.row);
      store.put({ ...tags, agent }, START + atS * S, stored(fields), next.row.measurement);
    }
  }
  return engine.active().concat(over()).map(factsOf).sort(byText);
}

function stored(fields: SentRow['fields']): Readonly<Record<string, number | boolean | string | undefined>> {
  const plain = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return Object.fromEntries(plain) as ReturnType<typeof stored>;
}

function over(): ReturnType<KindHarness['engine']['active']> {
  const ended = new Map(
    harness.recorded.flatMap(({ alert, event }) => (event.kind === 'resolved' ? [[alert.id, alert]] : [])),
  );
  return [...ended.values()];
}

interface Facts {
  readonly entity: Readonly<Record<string, string>>;
  readonly startedAtMs: number;
  readonly firedAtMs: number;
  readonly resolvedAtMs?: number | undefined;
  readonly endedAtMs?: number | undefined;
}

function factsOf({ entity, startedAtMs, firedAtMs, resolvedAtMs, endedAtMs }: Facts): unknown {
  const ended = resolvedAtMs ?? endedAtMs;
  return {
    entity,
    startedS: (startedAtMs - START) / S,
    firedS: (firedAtMs - START) / S,
    endedS: ended && (ended - START) / S,
  };
}

const byText = (a: unknown, b: unknown): number => JSON.stringify(a).localeCompare(JSON.stringify(b));

async function tested(id: string, untilS: number): Promise<BacktestResult> {
  const running = backtest(
    { rule: rule(id), fromMs: START, toMs: START + untilS * S, tags: {} },
    {
      store,
      catalogue: CATALOGUE,
      isExpected: () => true,
      devices: () => new Map(),
      dayOf: () => 'a day',
      wouldTell: undefined,
    },
    new AbortController().signal,
  );
  for (;;) {
    const step = await running.next();
    if (step.done === true) return step.value;
  }
}

/** Of each minute, from the first on. */
const minutes = (count: number, row: (minute: number) => SentRow[]): Night =>
  Array.from({ length: count }, (_, minute) =>
    row(minute).map((each) => ({ atS: minute * 60, row: each })),
  ).flat();

const server = (host: string, busy: boolean): SentRow[] => [
  { measurement: 'cpu', tags: { host, cpu: 'cpu-total' }, fields: { usage_active: busy ? 97 : 20 } },
  { measurement: 'system', tags: { host }, fields: { load1: busy ? 24 : 2, n_cpus: 8 } },
];
const pool = (name: string, used: number): SentRow => ({
  measurement: 'capacity',
  tags: { site: 'dc', pool: name, resource: 'memory' },
  fields: { used, usable: 100 },
});

it.each<[string, string, Night, number]>([
  [
    'threshold',
    'memory_low',
    minutes(70, (minute) => [
      {
        measurement: 'mem',
        tags: { host: 'srv-1' },
        fields: { available_percent: minute < 5 || minute > 45 ? 40 : 8 },
      },
    ]),
    4_200,
  ],
  [
    'composite over two measurements',
    'server_overloaded',
    minutes(90, (minute) => [
      ...server('srv-1', minute > 15 && minute < 60),
      ...server('srv-2', minute > 70),
    ]),
    5_400,
  ],
  [
    'aggregate',
    'pools_full',
    minutes(200, (minute) =>
      minute % 5 === 0 ? [pool('a', minute > 30 && minute < 110 ? 95 : 50), pool('b', 80)] : [],
    ),
    12_000,
  ],
  [
    'peers',
    'temperature_differs',
    minutes(90, (minute) =>
      Array.from({ length: 8 }, (_, at) => ({
        measurement: 'temp',
        tags: { host: `srv-${at}`, site: 'dc', sensor: 'cpu' },
        fields: { temp: at === 3 && minute > 10 && minute < 60 ? 88 : 45 + (at % 3) },
      })),
    ),
    5_400,
  ],
  [
    'share',
    'coverage_fallback',
    minutes(60, (minute) =>
      Array.from({ length: 6 }, (_, at) => ({
        measurement: 'cellular',
        tags: {
          unit: '26734',
          site: 's',
          device: `m-${at}`,
          rat: at < 4 && minute > 12 && minute < 30 ? 'lte' : 'nr',
        },
        fields: { rsrp_dbm: -90 },
      })),
    ),
    3_600,
  ],
])(
  'a backtest of a rule of kind %s raises over a recorded night what the engine raised then',
  async (_kind, id, night, untilS) => {
    const raised = await live(id, night, untilS);
    expect(raised.length).toBeGreaterThan(0);
    const { alerts, notJudged } = await tested(id, untilS);
    expect(alerts.listed.map(factsOf).sort(byText)).toEqual(raised);
    expect(notJudged).not.toContain('which is a bug');
  },
);
