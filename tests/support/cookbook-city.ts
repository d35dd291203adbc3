import { setTimeout } from 'node:timers/promises';
import { OnCallCalendars } from '../../central/notify/on-call/calendars.ts';
import { ApiHarness } from '../../central/api/testing/api-harness.ts';
import { agentTopic } from '../../contract/topics.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { Fault } from '../../simulators/city/faults.ts';
import { writePoolHistory } from './pool-history.ts';

const SEED = 7;
/** Two hubs, and both have sites below them. */
const UNITS = 10;
const STEP_MS = 20_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** So long it has watched the pools, in days. */
const POOL_DAYS = 400;

const at = (text: string): number => Date.parse(`${text}:00+07:00`);
const YESTERDAY_MS = at('2026-11-29T14:00');
const TODAY_MS = at('2026-11-30T03:00');

/** hub-02 was cut off yesterday afternoon and is again; a server is busy. */
const FAULTS: readonly Fault[] = [
  {
    kind: 'hub_uplink_cut',
    target: 'hub-02',
    fromMs: YESTERDAY_MS + 2 * STEP_MS,
    toMs: YESTERDAY_MS + 30 * MINUTE_MS,
  },
  {
    kind: 'hub_uplink_cut',
    target: 'hub-02',
    fromMs: TODAY_MS + 2 * STEP_MS,
    toMs: TODAY_MS + 60 * MINUTE_MS,
  },
  {
    kind: 'cpu_runaway',
    target: 'sv-dc1-0001',
    fromMs: TODAY_MS - 5 * MINUTE_MS,
    toMs: TODAY_MS + 60 * MINUTE_MS,
  },
];

/** What the gateway of a modem found by itself, as it looks once a second. */
const DIPPING_AGENT = 'gw-25747-01';
const DIP = { open: false, end_known: true, duration_s: 18, rsrp_min_dbm: -117 };

/** Two people share the alarms. */
const ON_CALL = new OnCallCalendars(
  [
    { id: 'an', name: 'Nguyễn Văn An', channels: ['noc'] },
    { id: 'binh', name: 'Trần Thị Bình', channels: ['noc'] },
  ],
  [
    {
      ...{ name: 'noc', timeZone: 'Asia/Ho_Chi_Minh' },
      layers: ['an', 'binh'].map((person) => ({
        ...{ name: person, people: [person], turnDays: 7, handoverMinute: 0, overrides: [] },
        firstDay: Math.floor(YESTERDAY_MS / DAY_MS) - 14,
      })),
    },
  ],
);

/** The simulated city as central knows it at 03:03: it watched yesterday from 14:00 to 14:03, and again from 03:00 on; and its pools before. */
export async function openCookbookCity(): Promise<ApiHarness> {
  const city = buildCity({
    seed: SEED,
    unitCount: UNITS,
    interfacesPerNode: 2,
    intervalMs: STEP_MS,
    faults: () => FAULTS,
  });
  const { inventory } = city;
  const harness = await ApiHarness.open({
    ...{ inventory, timeZone: 'Asia/Ho_Chi_Minh', startMs: YESTERDAY_MS, onCall: ON_CALL, waitsItself: true },
  });
  const { clock, ingest, store, forecasts } = harness.parts;
  await writePoolHistory(store, city, { toMs: YESTERDAY_MS, days: POOL_DAYS });
  for (const [number, { id, kind }] of inventory.agents.entries()) {
    const software = number < 3 ? '0.1.0' : '0.2.0';
    const state = {
      v: 1,
      online: true,
      birth: 1,
      kind,
      software,
      intervalMs: STEP_MS,
    };
    harness.bus.receive(agentTopic(id, 'state'), JSON.stringify(state));
  }
  /** Central's clock goes on a little while the store works in real time. */
  const stored = async (): Promise<void> => {
    while (ingest.stats().bufferBatches > 0) {
      await setTimeout(5);
      await harness.tick(10);
    }
  };
  const watchUntil = async (endMs: number): Promise<void> => {
    while (clock.now() < endMs) {
      const nowMs = Math.floor(clock.now() / STEP_MS) * STEP_MS;
      for (const { id } of inventory.agents) {
        const samples = city.conditionAt(id, nowMs) === 'connected' ? city.samplesAt(id, nowMs) : undefined;
        if (samples !== undefined && samples.length > 0) harness.receive(id, samples);
      }
      await stored();
      await harness.tick(nowMs + STEP_MS - clock.now());
    }
  };
  const lan = harness.parts.tokens.create('lan', 'operator', clock.now()).token;
  /** Lan answers the alerts of a rule, and gives them to Minh. */
  const acknowledge = async (rule: string, text: string): Promise<void> => {
    const answer = await harness.call('GET', `/api/v1/alerts?state=active&rule=${rule}`);
    for (const { id } of answer.json['items'] as { id: string }[])
      for (const [action, payload] of [
        ['acknowledge', { text }],
        ['assign', { assignee: 'Minh' }],
      ] as const) {
        const url = `/api/v1/alerts/${id}/${action}`;
        const { status } = await harness.call('POST', url, { token: lan, payload: JSON.stringify(payload) });
        if (status !== 200) throw new Error(`${url}: ${status}`);
      }
  };
  await watchUntil(YESTERDAY_MS + 2.5 * MINUTE_MS);
  await acknowledge('link_down', 'Đã báo nhà mạng, hẹn xử lý trước 16 giờ');
  await watchUntil(YESTERDAY_MS + 3 * MINUTE_MS);
  harness.standStill(TODAY_MS - clock.now());
  while (forecasts.list('pool') === undefined) {
    await setTimeout(20);
    await harness.tick(100);
  }
  await watchUntil(TODAY_MS + MINUTE_MS);
  const dipMs = TODAY_MS + MINUTE_MS / 2;
  const modem = city
    .samplesAt(DIPPING_AGENT, TODAY_MS)
    ?.find(({ measurement }) => measurement === 'cellular');
  if (modem === undefined) throw new Error(`${DIPPING_AGENT} has no modem`);
  const tags = { ...modem.tags, kind: 'level' };
  harness.receive(DIPPING_AGENT, [{ measurement: 'signal_dip', tags, fields: DIP, timeMs: dipMs }]);
  await watchUntil(TODAY_MS + 3 * MINUTE_MS);
  return harness;
}
