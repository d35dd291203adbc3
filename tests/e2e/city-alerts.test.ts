import { describe, expect, it } from 'vitest';
import type { AlertEngine } from '../../central/alerts/engine/engine.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertView } from '../../central/alerts/history/alert.ts';
import { startEngine } from '../../central/alerts/testing/engine-harness.ts';
import { createValidator } from '../../central/ingest/validate/validator.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { decodeBatch, encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Clock } from '../../runtime/clock.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { Fault, RecurringKind } from '../../simulators/city/faults.ts';
import { recurringFaults } from '../../simulators/city/recurring-faults.ts';

const SEED = 7;
const STEP_MS = 10_000;
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const FROM_MS = Date.UTC(2026, 10, 24, 3);
/** Around the fault: nothing is to be seen at first, and all clears in the end, a pool only after an hour, a battery once it is charged. */
const BEFORE_MS = 5 * MINUTE_MS;
const afterMs = (fault: Fault): number => (fault.kind === 'site_power_cut' ? 300 : 70) * MINUTE_MS;

const city = buildCity({ seed: SEED, faults: (inventory) => recurringFaults(inventory, SEED) });

/** The shipped rules over what one agent of the city sends while one fault comes and goes. */
function alertsOf(model: CityModel, agent: string, fault: Fault): readonly AlertView[] {
  let nowMs = fault.fromMs - BEFORE_MS;
  const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs, sleep: () => Promise.resolve() };
  const database = openStateDatabase(':memory:');
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const { engine } = startEngine({ rules, database, clock });
  const validator = createValidator(CATALOGUE);
  for (let seq = 1; nowMs < fault.toMs + afterMs(fault); seq++, nowMs += STEP_MS) {
    if (model.conditionAt(agent, nowMs) === 'connected')
      send(model, agent, { engine, validator, seq, nowMs });
    engine.tick(nowMs);
  }
  const { items } = engine.list({ limit: 100 });
  database.close();
  return items;
}

interface Central {
  readonly engine: AlertEngine;
  readonly validator: ReturnType<typeof createValidator>;
  readonly seq: number;
  readonly nowMs: number;
}

function send(model: CityModel, agent: string, { engine, validator, seq, nowMs }: Central): void {
  const [body] = encodeSamples(model.samplesAt(agent, nowMs) ?? []).bodies;
  const header = { epoch: 'epoch001', seq, lowest: 1, sentAtMs: nowMs, backfill: false };
  const batch = decodeBatch(encodeBatch(header, body!.bytes));
  const { tables, refusals } = validator.validate(agent, batch, nowMs);
  expect(refusals).toEqual([]);
  engine.observe(
    { agent, epoch: header.epoch, seq, tables },
    { receivedAtMs: nowMs, sentAtMs: nowMs, backfill: false },
  );
}

/** The shortest of a fortnight is the hardest to see. */
function shortest(kind: RecurringKind, isWanted: (fault: Fault) => boolean = () => true): Fault {
  const lengthOf = (fault: Fault): number => fault.toMs - fault.fromMs;
  const [first] = city
    .faultsBetween(FROM_MS, FROM_MS + 14 * DAY_MS)
    .filter((fault) => fault.kind === kind && isWanted(fault))
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  return first!;
}

function gatewayOf(site: string): string {
  return city.inventory.agents.find((agent) => agent.site === site)!.id;
}

/** A hub with a second way is not cut off with its line. */
function isSeen({ kind, target, fromMs }: Fault): boolean {
  return kind !== 'hub_uplink_cut' || city.conditionAt(gatewayOf(target), fromMs) === 'cut_off';
}

/** By agent: who sees it. */
const WITNESS: Readonly<Record<RecurringKind, (fault: Fault) => string>> = {
  site_power_cut: ({ target }) => gatewayOf(target),
  hub_uplink_cut: ({ target }) => gatewayOf(target),
  node_reboot: ({ target }) => gatewayOf(target),
  lossy_line: ({ target }) => gatewayOf(target),
  radio_fallback: ({ target }) => gatewayOf(target),
  coverage_dip: ({ target }) => `gw-${target}-01`,
  cpu_runaway: ({ target }) => target,
  disk_filling: ({ target }) => target,
  pool_nearly_full: ({ target }) => `sv-${target.slice('pool-'.length)}-0001`,
};

function expectAlerts(fault: Fault, wanted: readonly string[]): void {
  const alerts = alertsOf(city, WITNESS[fault.kind as RecurringKind](fault), fault);
  const inTime = alerts.filter(({ firedAtMs }) => firedAtMs >= fault.fromMs && firedAtMs <= fault.toMs);
  expect(inTime.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...wanted]));
  const related = alerts.filter(({ rule }) => wanted.includes(rule));
  expect(related.map(({ phase }) => phase)).toEqual(related.map(() => 'resolved'));
}

describe("the city's incidents under the shipped rules", () => {
  it.each([
    ['hub_uplink_cut', ['agent_silent']],
    ['node_reboot', ['device_down', 'ping_loss']],
    ['lossy_line', ['ping_loss', 'path_loss', 'ping_slow']],
    ['cpu_runaway', ['cpu_busy']],
    ['disk_filling', ['disk_full']],
    ['pool_nearly_full', ['capacity_high']],
  ] as const)('has even the shortest %s raise %j, and clear again', (kind, rules) => {
    expectAlerts(shortest(kind, isSeen), rules);
  });

  it('has a dip raise one of two alerts: the level, or the network is lost', () => {
    const fault = shortest('coverage_dip');
    const rules = alertsOf(city, WITNESS.coverage_dip(fault), fault).map(({ rule }) => rule);
    expect(rules.filter((rule) => ['signal_weak', 'modem_not_registered'].includes(rule))).toHaveLength(1);
  });

  it('has a power cut raise the battery first and silence later', () => {
    const fault = shortest('site_power_cut', ({ target, toMs }) => {
      const hasBattery = city.inventory.devices.some(({ site, kind }) => site === target && kind === 'ups');
      return hasBattery && city.conditionAt(gatewayOf(target), toMs - 2 * MINUTE_MS) === 'dark';
    });
    expectAlerts(fault, ['power_on_battery', 'power_runtime_low', 'agent_silent']);
    const fired = new Map(
      alertsOf(city, gatewayOf(fault.target), fault).map(({ rule, firedAtMs }) => [rule, firedAtMs]),
    );
    expect(fired.get('power_on_battery')).toBeLessThan(fired.get('power_runtime_low')!);
    expect(fired.get('power_runtime_low')).toBeLessThan(fired.get('agent_silent')!);
  });

  it('has a change from 5G to LTE raise nothing: it is counted, not alarmed', () => {
    const fault = shortest('radio_fallback');
    expect(alertsOf(city, WITNESS.radio_fallback(fault), fault)).toEqual([]);
  });

  it.each(['gw-25747-01', 'gw-27043-02', 'sv-dc1-0001'])(
    'raises nothing at %s in a working day without an incident',
    (agent) => {
      const calm = buildCity({ seed: SEED });
      const day: Fault = {
        kind: 'lossy_line',
        target: '',
        fromMs: FROM_MS - 4 * 60 * MINUTE_MS,
        toMs: FROM_MS + 9 * 60 * MINUTE_MS,
      };
      expect(alertsOf(calm, agent, day)).toEqual([]);
    },
  );
});
