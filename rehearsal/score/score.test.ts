import { describe, expect, it } from 'vitest';
import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { MessageAlert } from '../../central/notify/message/message.ts';
import { buildInventory } from '../../simulators/city/build-inventory.ts';
import type { Fault } from '../../simulators/city/faults.ts';
import type { SentMessage } from '../central/recording-channel.ts';
import { DESK, PAGER } from '../central/routes.ts';
import type { Recorded, RecordedIncident } from '../record.ts';
import { createCityMap } from '../truth/city-map.ts';
import { readTruth } from '../truth/read-truth.ts';
import { alarmRate, mostWithin } from './alarm-rate.ts';
import { barsOf } from './bars.ts';
import { score } from './score.ts';
import { stormBars } from './storm-bars.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const inventory = buildInventory({ seed: 7, unitCount: 3 });
const map = createCityMap(inventory);
const [unit] = inventory.units.map(({ code }) => code);
const SITE = `site-${unit}-03`;
const NODE = `n-${unit}-03`;
const GATEWAY = `gw-${unit}-03`;
const RATE = { mean: 0, most: 0, windows: 1 };
const COVERAGE = {
  ...{ fired: ['device_down'], quiet: ['link_down', 'port_down'], untried: ['room_smoke'] },
  kindsNeverFired: ['forecast'],
};
const REBOOT: Fault = { kind: 'node_reboot', target: SITE, fromMs: 10 * MINUTE_MS, toMs: 14 * MINUTE_MS };

function troublesOf(faults: readonly Fault[], isCutOff: (timeMs: number) => boolean = () => false) {
  return readTruth(
    {
      inventory,
      conditionAt: (_agent, timeMs) => (isCutOff(timeMs) ? 'cut_off' : 'connected'),
      samplesAt: () => [],
      faultsBetween: () => faults,
    },
    { fromMs: 0, toMs: HOUR_MS },
  );
}

function alert(rule: string, more: Partial<AlertDetail> = {}): AlertDetail {
  const startedAtMs = more.startedAtMs ?? REBOOT.fromMs + 10_000;
  return {
    id: `${rule} ${startedAtMs}`,
    rule,
    title: { en: rule, vi: rule },
    action: { en: '', vi: '' },
    eventType: 'equipment',
    probableCause: 'equipment_malfunction',
    entity: { device: NODE },
    agent: GATEWAY,
    severity: 'major',
    phase: 'resolved',
    startedAtMs,
    firedAtMs: startedAtMs + MINUTE_MS,
    openedAtMs: startedAtMs + MINUTE_MS,
    resolvedAtMs: REBOOT.toMs + MINUTE_MS,
    updatedAtMs: REBOOT.toMs + MINUTE_MS,
    value: false,
    lastValue: true,
    valueText: 'false',
    timeline: [],
    ...more,
  };
}

function message(of: AlertDetail, what: MessageAlert['what'], channel = PAGER): SentMessage {
  const { id, rule, severity, entity, agent, startedAtMs, title, action, valueText } = of;
  const facts = { id, rule, severity, entity, agent, startedAtMs, title, action, valueText };
  const atMs = what === 'end' ? of.updatedAtMs + 10_000 : of.openedAtMs + 10_000;
  return {
    channel,
    atMs,
    message: { key: `${what} ${id}`, kind: 'alerts', madeAtMs: atMs, alerts: [{ what, facts }] },
  };
}

function incident(of: AlertDetail, root?: string): RecordedIncident {
  const beganAtMs = of.openedAtMs;
  return {
    ...{ id: `i ${of.id}`, rule: of.rule, severity: of.severity, beganAtMs, headAlert: of.id },
    ...(root !== undefined && { root }),
    ...{ units: [], alertCount: 1, cutOff: [], search: '' },
    steps: [{ incident: 'i', kind: 'joined', alert: of.id, reason: '', atMs: beganAtMs }],
  };
}

function scored(
  parts: Partial<Recorded>,
  faults: readonly Fault[] = [REBOOT],
  isCutOff: (timeMs: number) => boolean = () => false,
) {
  const recorded: Recorded = {
    ...{
      alerts: [],
      incidents: [],
      messages: [],
      refusedRows: {},
      batches: 0,
      measured: [],
      endedAtMs: HOUR_MS,
    },
    ...parts,
  };
  const troubles = troublesOf(faults, isCutOff);
  return score({
    ...{ recorded, troubles, map },
    conditionAt: (_agent, timeMs) => (isCutOff(timeMs) ? 'cut_off' : 'connected'),
  });
}

/** The bars that are not met. */
function unmet(result: ReturnType<typeof scored>): readonly string[] {
  return barsOf(result, RATE, COVERAGE).flatMap(({ figure, isMet }) => (isMet === false ? [figure] : []));
}

const down = alert('device_down');
const good: Partial<Recorded> = {
  alerts: [down],
  incidents: [incident(down, `device:${NODE}`)],
  messages: [message(down, 'begin'), message(down, 'end')],
};

describe('the score of a restart of a node', () => {
  it('that is told, with its root, and told again when it is over, meets every bar', () => {
    const result = scored(good);
    expect(unmet(result)).toEqual([]);
    expect(result.detections.map(({ alertAtMs, toldAtMs }) => [alertAtMs, toldAtMs])).toEqual([
      [11 * MINUTE_MS + 10_000, 11 * MINUTE_MS + 20_000],
    ]);
  });

  it.each<[string, Partial<Recorded>, readonly string[]]>([
    ['has no alert', {}, ['due troubles that nobody was told of', 'recall: due alerts that fired']],
    [
      'has an alert that nobody hears of',
      { ...good, messages: [] },
      ['due troubles that nobody was told of', 'minutes wrongly suppressed'],
    ],
    [
      'only the list hears of',
      { ...good, messages: [message(down, 'begin', DESK), message(down, 'end', DESK)] },
      ['due troubles that nobody was told of', 'minutes wrongly suppressed'],
    ],
    [
      'names another node',
      { ...good, incidents: [incident(down, 'device:n-hub-01')] },
      ['root named exactly, of incidents that were told'],
    ],
    [
      'is told over only on one of two channels',
      {
        ...good,
        messages: [message(down, 'begin'), message(down, 'begin', DESK), message(down, 'end', DESK)],
      },
      ['orphans: told of a begin, never of its end'],
    ],
    [
      'is told twice',
      { ...good, messages: [message(down, 'begin'), ...(good.messages ?? [])] },
      ['told twice of the same step'],
    ],
    [
      'is called over while the node is down',
      { ...good, alerts: [{ ...down, resolvedAtMs: REBOOT.fromMs + 2 * MINUTE_MS }] },
      ['false resolves'],
    ],
    [
      'is withdrawn while the node is down',
      { ...good, alerts: [{ ...down, phase: 'withdrawn', resolvedAtMs: REBOOT.fromMs + 2 * MINUTE_MS }] },
      ['false resolves'],
    ],
    [
      'is told together with an alert about nothing',
      {
        ...good,
        alerts: [down, alert('battery_low')],
        messages: [
          ...(good.messages ?? []),
          message(alert('battery_low'), 'begin'),
          message(alert('battery_low'), 'end'),
        ],
      },
      ['false pages'],
    ],
  ])('that %s does not', (_what, parts, expected) => {
    expect(unmet(scored(parts))).toEqual(expected);
  });
});

it('a node that is down for an hour and is told after 59 minutes is told too late', () => {
  const long = { ...REBOOT, toMs: REBOOT.fromMs + HOUR_MS };
  const late = alert('device_down', {
    ...{ startedAtMs: long.toMs - 2 * MINUTE_MS, resolvedAtMs: long.toMs + MINUTE_MS },
    updatedAtMs: long.toMs + MINUTE_MS,
  });
  const parts = {
    ...{ alerts: [late], incidents: [incident(late, `device:${NODE}`)] },
    ...{ messages: [message(late, 'begin'), message(late, 'end')], endedAtMs: 2 * HOUR_MS },
  };
  expect(unmet(scored(parts, [long]))).toEqual(['told later than due']);
});

it('what nothing was measured of is neither met nor missed', () => {
  const lines = barsOf(scored({}, []), { mean: 0, most: 0, windows: 0 }, COVERAGE);
  expect(lines.filter(({ isMet }) => isMet !== undefined)).toEqual([]);
  expect(lines.filter(({ bar, value }) => bar !== '' && value !== '–')).toEqual([]);
});

it('the table counts the rules that fired, and names the kinds of which none did', () => {
  const lines = barsOf(scored(good), RATE, COVERAGE);
  expect(lines.slice(-2).map(({ value }) => value)).toEqual(['1 / 2 / 1', 'forecast']);
});

it('a page about what was measured while its agent was cut off came from the backlog', () => {
  const pagesWith = (cutUntilMs: number) =>
    scored(good, [REBOOT], (timeMs) => timeMs < cutUntilMs).backlogPages;
  expect(pagesWith(12 * MINUTE_MS)).toHaveLength(1);
  // Not older than 30 s when the agent was back: that is live.
  expect(pagesWith(REBOOT.fromMs + 20_000)).toEqual([]);
  expect(pagesWith(0)).toEqual([]);
});

it('what the backlog told detects nothing, and a page about it is one too many', () => {
  const late = (good.alerts ?? []).map((one) => ({ ...one, learnedLateAtMs: 30 * MINUTE_MS }));
  const { missed, backlogPages } = scored({ ...good, alerts: late });
  expect([missed.length, backlogPages.length]).toEqual([1, 1]);
});

describe('a site that loses its power behind a cut', () => {
  const POWER: Fault = { kind: 'site_power_cut', target: SITE, fromMs: 10 * MINUTE_MS, toMs: 40 * MINUTE_MS };
  const isCutOff = (timeMs: number): boolean => timeMs < 15 * MINUTE_MS;
  const silent = alert('agent_silent', {
    ...{ entity: { agent: GATEWAY }, startedAtMs: 9 * MINUTE_MS, resolvedAtMs: 40 * MINUTE_MS },
  });

  it('is due once the cut is over, and the silence that went on is its alert', () => {
    const { detections } = scored({ alerts: [silent], incidents: [incident(silent)] }, [POWER], isCutOff);
    expect(detections).toMatchObject([{ alertAtMs: 15 * MINUTE_MS, trouble: { due: { isMasked: true } } }]);
  });

  it('is none of it where the agent was heard again', () => {
    const back = { ...silent, resolvedAtMs: 15 * MINUTE_MS + 20_000 };
    expect(scored({ alerts: [back] }, [POWER], isCutOff).missed).toHaveLength(1);
  });
});

describe('a cut of a hub', () => {
  const CUT: Fault = {
    kind: 'hub_uplink_cut',
    target: 'hub-01',
    fromMs: 10 * MINUTE_MS,
    toMs: 40 * MINUTE_MS,
  };
  const isCutOff = (timeMs: number): boolean => timeMs >= CUT.fromMs && timeMs < CUT.toMs;
  const link = alert('link_down', {
    ...{ entity: { link: 'up-hub-01' }, severity: 'critical', startedAtMs: CUT.fromMs },
    ...{
      openedAtMs: CUT.fromMs + 30_000,
      resolvedAtMs: CUT.toMs + MINUTE_MS,
      updatedAtMs: CUT.toMs + MINUTE_MS,
    },
  });
  const told: Partial<Recorded> = {
    ...{ alerts: [link], incidents: [incident(link, 'link:up-hub-01')] },
    messages: [message(link, 'begin'), message(link, 'end')],
  };
  const together = (...more: readonly AlertDetail[]): Partial<Recorded> => ({
    ...told,
    alerts: [link, ...more],
    messages: [
      ...(told.messages ?? []),
      ...more.flatMap((one) => [message(one, 'begin'), message(one, 'end')]),
    ],
  });

  it('that is told once and over after it meets every bar', () => {
    expect(unmet(scored(told, [CUT], isCutOff))).toEqual([]);
  });

  it('is told twice where a line behind it is told of too, whatever the rule', () => {
    const [before, other] = ['ping_loss', 'backlog_old'].map((rule) =>
      alert(rule, { entity: { device: `bb-${unit}-03` }, startedAtMs: CUT.fromMs + MINUTE_MS }),
    );
    if (before === undefined || other === undefined) throw new Error('two alerts');
    const counted = (...more: readonly AlertDetail[]) =>
      scored(together(...more), [CUT], isCutOff).messagesPer.map(({ begins }) => begins);
    expect(counted(other)).toEqual([2]);
    expect(counted(before, other)).toEqual([3]);
    // What began before it is none of it.
    expect(counted({ ...before, startedAtMs: CUT.fromMs - MINUTE_MS })).toEqual([1]);
  });

  it('explains nothing that another trouble had to tell by itself', () => {
    const lossy: Fault = { ...CUT, kind: 'lossy_line', target: SITE, toMs: HOUR_MS };
    const lost = alert('ping_loss', {
      entity: { device: `bb-${unit}-03` },
      startedAtMs: CUT.fromMs + MINUTE_MS,
    });
    const { messagesPer } = scored(together(lost), [CUT, lossy], isCutOff);
    expect(messagesPer.find(({ trouble }) => trouble.kind === CUT.kind)?.begins).toBe(1);
  });

  it('is not over for a gateway that is still cut off, though the line is told of', () => {
    const silent = alert('agent_silent', {
      ...{ entity: { agent: GATEWAY }, startedAtMs: CUT.fromMs, resolvedAtMs: 20 * MINUTE_MS },
    });
    const falseOf = (one: AlertDetail): number =>
      scored({ ...told, alerts: [link, one] }, [CUT], isCutOff).falseResolves.length;
    expect(falseOf(silent)).toBe(1);
    expect(falseOf({ ...silent, phase: 'withdrawn' })).toBe(1);
    expect(falseOf({ ...silent, phase: 'closed' })).toBe(0);
    expect(falseOf({ ...silent, resolvedAtMs: CUT.toMs + 10_000 })).toBe(0);
  });
});

describe('a storm', () => {
  const CUT_AT_MS = 10 * MINUTE_MS;
  const silent = alert('agent_silent', {
    ...{ entity: { agent: GATEWAY }, severity: 'critical', startedAtMs: CUT_AT_MS },
    ...{ openedAtMs: CUT_AT_MS + 20_000, resolvedAtMs: 14 * MINUTE_MS, updatedAtMs: 14 * MINUTE_MS },
  });
  const storm = (parts: Partial<Recorded>, lostSites: readonly string[] = [SITE]) =>
    stormBars({
      recorded: { alerts: [], incidents: [], messages: [], endedAtMs: HOUR_MS, ...parts },
      ...{ map, lostSites, cutAtMs: CUT_AT_MS },
    }).flatMap(({ figure, isMet }) => (isMet === false ? [figure] : []));
  const well: Partial<Recorded> = {
    ...{ alerts: [silent], incidents: [incident(silent)] },
    messages: [message(silent, 'begin'), message(silent, 'end')],
  };

  it('is got through with a page within a minute, of each site, and its end', () => {
    expect(storm(well)).toEqual([]);
  });

  it('is not got through by silence', () => {
    expect(storm({})).toEqual([
      'first page after the first cut, s',
      'lost sites in no incident that was told',
      'lost sites of which no end was told',
    ]);
  });

  it('misses the site that is in no incident, the late page, and the end that is not told', () => {
    expect(storm(well, [SITE, `site-${unit}-02`])).toEqual([
      'lost sites in no incident that was told',
      'lost sites of which no end was told',
    ]);
    const late = { ...silent, openedAtMs: CUT_AT_MS + MINUTE_MS };
    expect(storm({ ...well, messages: [message(late, 'begin'), message(late, 'end')] })).toEqual([
      'first page after the first cut, s',
    ]);
    expect(storm({ ...well, messages: [message(silent, 'begin')] })).toEqual([
      'lost sites of which no end was told',
      'orphans: told of a begin, never of its end',
    ]);
  });
});

it('alarms are counted in ten minutes outside storms', () => {
  const cut: Fault = { kind: 'hub_uplink_cut', target: 'hub-01', fromMs: 0, toMs: 10 * MINUTE_MS };
  const troubles = troublesOf([cut], (timeMs) => timeMs < cut.toMs);
  const pages = [1, 21, 22, 23].map((minute) => ({ atMs: minute * MINUTE_MS }));
  const span = { fromMs: 0, toMs: 40 * MINUTE_MS };
  expect(alarmRate(pages, troubles, span)).toEqual({ mean: 1.5, most: 3, windows: 2 });
});

it('the most messages of two minutes are those of one channel', () => {
  const at = (minute: number, channel: string): SentMessage => ({
    ...{ channel, atMs: minute * MINUTE_MS },
    message: { key: '', kind: 'alerts', madeAtMs: 0, alerts: [] },
  });
  const sent = [at(0, PAGER), at(1, PAGER), at(1, DESK), at(2.5, PAGER)];
  expect(mostWithin(sent, 2 * MINUTE_MS)).toBe(2);
});
