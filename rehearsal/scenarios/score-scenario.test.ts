import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { Scenario } from '../../simulators/scenarios/scenario.ts';
import type { SentMessage } from '../central/recording-channel.ts';
import { PAGER } from '../central/routes.ts';
import type { RecordedIncident } from '../record.ts';
import { createCityMap } from '../truth/city-map.ts';
import type { Trouble } from '../truth/trouble.ts';
import { scoreScenario } from './score-scenario.ts';

const MINUTE_MS = 60_000;
const CUT = { fromMs: 10 * MINUTE_MS, toMs: 40 * MINUTE_MS };
const built = buildCity({ seed: 7, unitCount: 2, interfacesPerNode: 2, intervalMs: 10_000 });
const city = { ...built, conditionAt: () => 'cut_off' as const };
const map = createCityMap(city.inventory);
const LINE = 'link:up-hub-01';
const [, SITE = ''] = map.sitesBehind('hub-01');
const UNIT = map.unitOfSite(SITE) ?? '';
const RULES = ['link_down', 'agent_silent', 'city_service_impaired'];

const happening: Scenario['happens'][number] = {
  ...{ fault: 'hub_uplink_cut', target: 'hub-01', begin: CUT.fromMs, length: 30 * MINUTE_MS },
  ...{ symptoms: [], due: [{ rules: ['link_down'], within: 2 * MINUTE_MS, page: true }] },
};
const trouble: Trouble = {
  ...{ fault: { kind: 'hub_uplink_cut', target: 'hub-01', ...CUT }, kind: 'hub_uplink_cut', ...CUT },
  ...{ roots: new Set([LINE]), reach: new Set([LINE, `site:${SITE}`, 'service:voice', 'link:up-hub-02']) },
  ...{ symptoms: RULES, aftermathMs: MINUTE_MS },
  due: {
    ...{ rules: ['link_down'], visibleFromMs: CUT.fromMs, visibleToMs: CUT.toMs, byMs: 12 * MINUTE_MS },
    ...{ isMasked: false, isPaged: true, sites: 2 },
  },
};

function alert(rule: string, entity: AlertDetail['entity']): AlertDetail {
  return {
    ...{ id: `${rule} ${JSON.stringify(entity)}`, rule, entity, agent: 'central', severity: 'critical' },
    ...{ title: { en: rule, vi: rule }, action: { en: '', vi: '' }, eventType: 'communications' },
    ...{ probableCause: 'equipment_malfunction', phase: 'resolved', startedAtMs: CUT.fromMs },
    ...{ firedAtMs: CUT.fromMs + 30_000, openedAtMs: CUT.fromMs + 30_000 },
    ...{ resolvedAtMs: CUT.toMs + 30_000, updatedAtMs: CUT.toMs + 30_000 },
    ...{ value: false, lastValue: true, valueText: 'false', timeline: [] },
  };
}

function messages({
  id,
  rule,
  severity,
  entity,
  agent,
  startedAtMs,
  title,
  action,
  valueText,
  ...of
}: AlertDetail) {
  const facts = { id, rule, severity, entity, agent, startedAtMs, title, action, valueText };
  return (['begin', 'end'] as const).map((what): SentMessage => {
    const atMs = (what === 'end' ? of.updatedAtMs : of.openedAtMs) + 10_000;
    const message = {
      key: `${what} ${id}`,
      kind: 'alerts' as const,
      madeAtMs: atMs,
      alerts: [{ what, facts }],
    };
    return { channel: PAGER, atMs, message };
  });
}

function incident(members: readonly AlertDetail[], more: Partial<RecordedIncident> = {}): RecordedIncident {
  const [head] = members;
  return {
    ...{ id: `i ${head?.id}`, rule: head?.rule ?? '', severity: 'critical', beganAtMs: CUT.fromMs },
    ...{ root: LINE, units: [UNIT], alertCount: members.length, cutOff: [`site:${SITE}`], search: '' },
    steps: members.map(({ id }) => ({
      incident: 'i',
      kind: 'joined',
      alert: id,
      reason: '',
      atMs: CUT.fromMs,
    })),
    ...more,
  };
}

const down = alert('link_down', { link: 'up-hub-01' });
const voice = alert('city_service_impaired', { service: 'voice' });
const otherLine = alert('link_down', { link: 'up-hub-02' });
const busy = alert('cpu_busy', { device: 'sv-dc1-0001' });
const left = { incident: 'i', kind: 'left', alert: voice.id, reason: '', atMs: CUT.fromMs + 1 } as const;
const whole = incident([down, voice]);

function scored(incidents: readonly RecordedIncident[], told: readonly AlertDetail[] = [down]) {
  return scoreScenario({
    scenario: {
      id: 'cut',
      fromMs: 0,
      length: 60 * MINUTE_MS,
      never: [],
      happens: [happening],
    } as unknown as Scenario,
    ...{ seed: 1, city, map },
    happenings: [
      {
        ...{ happening, fault: { kind: 'hub_uplink_cut', target: 'hub-01', ...CUT }, troubles: [trouble] },
        path: { refs: [LINE, `site:${SITE}`], units: [UNIT], services: ['voice'] },
      },
    ],
    recorded: {
      ...{ alerts: [down, voice, otherLine, busy], incidents, messages: told.flatMap(messages) },
      ...{ refusedRows: {}, batches: 1, measured: [], endedAtMs: 60 * MINUTE_MS },
    },
  });
}

describe('an incident about a cut', () => {
  it('that names its line and holds what it took is exact and grounded', () => {
    const { roots, paths, failures } = scored([incident([down, voice])]);
    expect({ roots, paths, failures }).toEqual({
      roots: { of: 1, good: 1 },
      paths: { of: 1, good: 1 },
      failures: [],
    });
  });

  it.each<[string, RecordedIncident, number, RegExp]>([
    [
      'names another line',
      incident([down, voice], { root: 'link:up-hub-02' }),
      0,
      /expected the root link:up-hub-01/,
    ],
    ['lacks a site', incident([down, voice], { cutOff: [] }), 1, /expected site:.* in its incident/],
    ['lacks a unit', incident([down, voice], { units: [] }), 1, /expected units \d+, got none/],
    ['lacks a service', incident([down]), 1, /expected services voice/],
    ['was left by a service', { ...whole, steps: [...whole.steps, left] }, 1, /expected services voice/],
    [
      'holds an alert of something else',
      incident([down, voice, busy]),
      1,
      /nothing else in its incident, got cpu_busy of device:sv-dc1-0001/,
    ],
    [
      'calls a site cut off that is not',
      incident([down, voice], { cutOff: [`site:${SITE}`, 'site:elsewhere'] }),
      1,
      /nothing else in its incident, got site:elsewhere/,
    ],
    [
      'names a unit that loses nothing',
      incident([down, voice], { units: [UNIT, '00000'] }),
      1,
      /nothing else in its incident, got unit:00000/,
    ],
  ])('that %s is not', (_what, tampered, goodRoots, failure) => {
    const { roots, paths, failures } = scored([tampered]);
    expect([roots.good, paths.good]).toEqual([goodRoots, 0]);
    expect(failures).toContainEqual(expect.stringMatching(failure));
  });

  it('is one: a second one with another root fails it, though the first is right', () => {
    const second = incident([otherLine], { root: 'link:up-hub-02' });
    const { roots, paths, failures } = scored([incident([down, voice]), second], [down, otherLine]);
    expect([roots.good, paths.good]).toEqual([0, 0]);
    expect(failures).toContainEqual(
      expect.stringMatching(/expected the root link:up-hub-01, got link:up-hub-02/),
    );
    expect(failures).toContainEqual('expected one page of hub_uplink_cut, got 2');
  });
});
