import { beforeEach, describe, expect, it } from 'vitest';
import type { PresentState } from '../../health/present-states.ts';
import type { Severity } from '../rules/severity.ts';
import type { Places } from '../suppression/subjects.ts';
import { IncidentBook } from './book.ts';
import type { Aspect } from './shared-causes.ts';
import { suppressionIn } from './suppressors.ts';

/** Two sites of a ward with a line each; the first has two probes. */
const SITES: Readonly<Record<string, string>> = {
  'bb-1': 's-1',
  'p2-1': 's-1',
  'm-1': 's-1',
  'm-2': 's-2',
  'm-3': 's-2',
};
const places: Places = {
  hasDevice: (id) => id in SITES,
  hasSite: (id) => id === 's-1' || id === 's-2',
  hasLink: () => false,
  linkAt: () => undefined,
  siteOfDevice: (id) => SITES[id],
  siteOfAgent: () => undefined,
  devicesAt: (site) => Object.keys(SITES).filter((id) => SITES[id] === site),
  nodesAt: () => [],
  onlyLinkAt: (site) => `up-${site}`,
  nameOf: (ref) => ref,
};
const ASPECTS: Readonly<Record<string, Aspect>> = {
  coverage_dip: { measurement: 'cellular', isShare: true },
  coverage_fallback: { measurement: 'cellular', isShare: true },
  signal_weak: { measurement: 'cellular', isShare: false },
  ping_loss: { measurement: 'ping', isShare: false },
  ping_slow: { measurement: 'ping', isShare: false },
  path_loss: { measurement: 'path', isShare: false },
  optical_power_low: { measurement: 'path', isShare: false },
  service_down: { measurement: 'service', isShare: false },
};
/** Of services, over others as well. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  portal: ['documents', 'mail'],
  documents: ['mail'],
};
const MINUTE_MS = 60_000;

let states: Map<string, PresentState>;
let told: Set<string>;
let book: IncidentBook;

beforeEach(() => {
  states = new Map(Object.keys(SITES).map((id) => [`device:${id}`, { state: 'up', sinceMs: 0, roots: [] }]));
  told = new Set();
  book = new IncidentBook({
    view: {
      states: { momentOf: (ref) => states.get(ref) },
      places,
      serviceOf: () => undefined,
    },
    aspectOf: (rule) => ASPECTS[rule],
    isShared: (measurement) => measurement === 'cellular',
    neededBy: (service) => new Set(NEEDS[service]),
    isAbsence: () => false,
    saysDown: () => false,
    looksBack: () => false,
    lastFailureOf: () => undefined,
    endedOf: () => undefined,
    wasTold: (id) => told.has(id),
    toldSeverityOf: () => undefined,
    closingOf: () => undefined,
    willBeTold: () => true,
  });
});

function open(rule: string, severity: Severity, entity: Readonly<Record<string, string>>, atMs = 0): string {
  const id = `${rule} ${Object.values(entity).join(' ')}`;
  book.open({ id, rule, entity, severity, agent: 'gw-1', unit: '26737', startedAtMs: atMs }, atMs);
  book.review(atMs, []);
  return id;
}

function heads(): unknown[] {
  return [...book.incidents].map(({ root, head }) => [root, head?.facts.rule]);
}

/** Root, head and those that are told, of each incident that is open. */
function standing(): unknown[] {
  return [...book.incidents].map(({ root, head, members }) => [
    root,
    head?.facts.rule,
    [...members].filter((each) => suppressionIn(each, places) === undefined).map(({ facts }) => facts.id),
  ]);
}

const probe = (device: string, target: string) => ({ device, target });

describe('a line on which everything is bad', () => {
  it('is one incident with the line as its root: one alert is told, and what is graver than it', () => {
    open('ping_slow', 'minor', probe('bb-1', 'core'));
    open('ping_loss', 'major', probe('bb-1', 'core'), 1_000);
    open('ping_loss', 'major', probe('p2-1', 'core'), 2_000);
    open('path_loss', 'major', probe('bb-1', 'internet'), 20_000);
    expect(standing()).toEqual([['link:up-s-1', 'ping_loss', ['ping_loss bb-1 core']]]);
    told.add('ping_loss bb-1 core');
    open('optical_power_low', 'critical', { device: 'bb-1', line: 'bb-1' }, 30_000);
    expect(standing()).toEqual([
      ['link:up-s-1', 'optical_power_low', ['ping_loss bb-1 core', 'optical_power_low bb-1 bb-1']],
    ]);
  });

  it('of one target names the probe, not the line', () => {
    open('ping_slow', 'minor', probe('p2-1', 'core'));
    open('ping_loss', 'minor', probe('p2-1', 'core'), 1_000);
    expect(standing()).toEqual([['device:p2-1', 'ping_slow', ['ping_slow p2-1 core']]]);
  });

  it('has what comes an hour later as another incident', () => {
    open('ping_loss', 'minor', probe('bb-1', 'core'));
    open('path_loss', 'minor', probe('bb-1', 'internet'), 60 * MINUTE_MS);
    book.review(61 * MINUTE_MS, []);
    expect(heads()).toEqual([
      [undefined, 'ping_loss'],
      [undefined, 'path_loss'],
    ]);
  });

  it('stays one incident until its last alert is over, and then ends', () => {
    const first = open('ping_loss', 'major', probe('bb-1', 'core'));
    const last = open('path_loss', 'major', probe('bb-1', 'internet'), 1_000);
    book.close(first);
    for (const atMs of [10 * MINUTE_MS, 20 * MINUTE_MS]) book.review(atMs, []);
    expect(heads()).toEqual([['link:up-s-1', 'path_loss']]);
    book.close(last);
    book.review(21 * MINUTE_MS, []);
    expect(standing()).toEqual([]);
  });

  it('is over for its operators with the alert that was told: one that ends some minutes later is no news', () => {
    const first = open('path_loss', 'major', probe('bb-1', 'internet'));
    const last = open('ping_loss', 'major', probe('bb-1', 'core'), 1_000);
    told.add(first);
    book.close(first);
    for (const atMs of [30 * MINUTE_MS, 32 * MINUTE_MS]) book.review(atMs, []);
    expect(standing()).toEqual([['link:up-s-1', undefined, []]]);
    book.update(book.alerts.get(last)!.facts, true);
    book.review(34 * MINUTE_MS, []);
    expect(standing()).toEqual([['link:up-s-1', undefined, []]]);
    book.update(book.alerts.get(last)!.facts, false);
    book.review(35 * MINUTE_MS, []);
    expect(standing()).toEqual([['link:up-s-1', 'ping_loss', [last]]]);
  });

  it('tells of one that is graver than the head, and not of the next that is as grave', () => {
    told.add(open('ping_slow', 'minor', probe('bb-1', 'core')));
    open('optical_power_low', 'minor', { device: 'bb-1', line: 'bb-1' }, 1_000);
    const graver = open('ping_loss', 'major', probe('bb-1', 'core'), 2_000);
    told.add(graver);
    open('path_loss', 'major', probe('bb-1', 'internet'), 20_000);
    expect(standing()).toEqual([['link:up-s-1', 'ping_loss', ['ping_slow bb-1 core', graver]]]);
  });

  it('is none of findings alone', () => {
    open('optical_power_low', 'warning', { device: 'bb-1', line: 'bb-1' });
    open('path_loss', 'warning', probe('bb-1', 'internet'), 1_000);
    book.review(10 * MINUTE_MS, []);
    expect(standing()).toEqual([]);
  });

  it('waits some seconds for others before it is told, and is told on its own if none comes', () => {
    const id = open('ping_loss', 'major', probe('bb-1', 'core'));
    const { facts } = book.alerts.get(id)!;
    expect(book.awaitsRoot(facts, 0, 10_000)).toBe(true);
    expect(book.awaitsRoot(facts, 0, 31_000)).toBe(false);
    book.review(31_000, []);
    expect(standing()).toEqual([[undefined, 'ping_loss', [id]]]);
  });

  it('whose node was down: what is on its way to its end after that begins no other incident', () => {
    const root = { state: 'down', sinceMs: 0, roots: [] } as const;
    states.set('device:n-1', root);
    for (const id of ['bb-1', 'p2-1'])
      states.set(`device:${id}`, { state: 'unreachable', sinceMs: 0, roots: ['device:n-1'] });
    const alerts = [
      open('ping_loss', 'critical', probe('bb-1', 'core')),
      open('ping_loss', 'critical', probe('p2-1', 'core')),
    ];
    expect(heads()).toEqual([['device:n-1', undefined]]);
    for (const id of ['n-1', 'bb-1', 'p2-1']) states.set(`device:${id}`, { ...root, state: 'up' });
    for (const id of alerts) book.update(book.alerts.get(id)!.facts, true);
    for (const atMs of [MINUTE_MS, 5 * MINUTE_MS]) book.review(atMs, ['device:n-1', 'device:bb-1']);
    expect(heads()).toEqual([['device:n-1', undefined]]);
  });
});

describe('a ward whose coverage dips', () => {
  const modem = (device: string) => ({ device, operator: 'viettel' });

  it('is one incident with the ward as its root: the alerts of single modems hang on it', () => {
    open('signal_weak', 'major', modem('m-1'));
    open('coverage_dip', 'major', { unit: '26737' }, 10_000);
    open('signal_weak', 'minor', modem('m-2'), 11_000);
    expect(standing()).toEqual([['unit:26737', 'coverage_dip', ['coverage_dip 26737']]]);
    expect(suppressionIn(book.alerts.get('signal_weak m-1 viettel')!, places)).toMatchObject({
      by: 'unit:26737',
      reason: 'unit:26737 has one alert that stands for all',
    });
  });

  it('is known by three modems before its own alert is there, which is awaited; one or two stand for themselves', () => {
    open('signal_weak', 'minor', modem('m-1'));
    open('signal_weak', 'minor', modem('m-2'), 1_000);
    expect(heads()).toEqual([]);
    open('signal_weak', 'major', modem('m-3'), 2_000);
    expect(standing()).toEqual([['unit:26737', undefined, []]]);
    open('coverage_dip', 'major', { unit: '26737' }, 30_000);
    expect(standing()).toEqual([['unit:26737', 'coverage_dip', ['coverage_dip 26737']]]);
  });

  it('tells of no modem that gets as bad as the ward later on, though one operator was told first', () => {
    told.add(open('coverage_dip', 'minor', { unit: '26737', operator: 'viettel' }));
    const dip = open('coverage_dip', 'major', { unit: '26737' }, 10_000);
    const weak = open('signal_weak', 'minor', modem('m-1'), 11_000);
    told.add(dip);
    book.update({ ...book.alerts.get(weak)!.facts, severity: 'major' }, undefined);
    book.review(60_000, []);
    expect(standing()).toEqual([['unit:26737', 'coverage_dip', ['coverage_dip 26737 viettel', dip]]]);
  });

  it('is told once where the dip of one operator comes some seconds before it: that waits, and hangs on the ward', () => {
    const operator = open('coverage_dip', 'minor', { unit: '26737', operator: 'viettel' });
    const part = book.alerts.get(operator)!;
    expect(book.awaitsWider(part, 5_000)).toBe(true);
    const dip = open('coverage_dip', 'major', { unit: '26737' }, 10_000);
    expect(book.awaitsWider(book.alerts.get(dip)!, 10_000)).toBe(false);
    open('coverage_dip', 'minor', { unit: '26737', operator: 'mobifone' }, 12_000);
    expect(standing()).toEqual([['unit:26737', 'coverage_dip', [dip]]]);
    told.add(dip);
    // What ends some minutes after it is no news.
    book.close(dip);
    book.review(60_000, []);
    expect(standing()).toEqual([['unit:26737', undefined, []]]);
  });

  it('is its own message after some seconds where it stays with one operator, and hangs on nothing when the ward dips later', () => {
    const operator = open('coverage_dip', 'minor', { unit: '26737', operator: 'viettel' });
    const part = book.alerts.get(operator)!;
    expect(book.awaitsWider(part, 31_000)).toBe(false);
    told.add(operator);
    const dip = open('coverage_dip', 'major', { unit: '26737' }, 5 * MINUTE_MS);
    expect(standing()).toEqual([['unit:26737', 'coverage_dip', [operator, dip]]]);
    const [incident] = book.incidents;
    expect(incident?.head?.facts.id).toBe(dip);
  });

  it('keeps a modem that stays weak some minutes longer; then that is told on its own', () => {
    open('coverage_dip', 'major', { unit: '26737' });
    open('signal_weak', 'minor', modem('m-1'), 1_000);
    book.close('coverage_dip 26737');
    book.review(2_000, []);
    expect(standing()).toEqual([['unit:26737', undefined, []]]);
    for (const atMs of [4 * MINUTE_MS, 5 * MINUTE_MS]) book.review(atMs, []);
    expect(standing()).toEqual([[undefined, 'signal_weak', ['signal_weak m-1 viettel']]]);
  });

  it('explains no modem that was weak long before, and no finding begins it', () => {
    open('signal_weak', 'minor', modem('m-1'));
    open('coverage_fallback', 'warning', { unit: '26737' }, 40 * MINUTE_MS);
    open('coverage_dip', 'major', { unit: '26737' }, 50 * MINUTE_MS);
    expect(heads()).toEqual([
      [undefined, 'signal_weak'],
      ['unit:26737', 'coverage_dip'],
    ]);
  });
});

describe('users of several services see that they are down', () => {
  const serviceDown = (service: string): void => {
    const facts = { id: service, rule: 'service_down', entity: { service }, severity: 'critical' as const };
    book.open({ ...facts, agent: 'gw-city', startedAtMs: 0 }, 0);
  };

  it('the one that the others cannot do without is the root, also where it is found last', () => {
    serviceDown('portal');
    serviceDown('documents');
    book.review(0, []);
    serviceDown('mail');
    book.review(1_000, []);
    const open = [...book.incidents].map(({ root, members }) => [root, members.size]);
    expect(open).toEqual([['service:mail', 3]]);
    const untold = [...book.alerts.values()].filter((alert) => suppressionIn(alert, places));
    expect(untold.map(({ facts }) => facts.id).sort()).toEqual(['documents', 'portal']);
  });

  it('one that needs none of the others is told on its own', () => {
    serviceDown('mail');
    serviceDown('video');
    for (let nowMs = 0; nowMs <= 40_000; nowMs += 1_000) book.review(nowMs, []);
    expect([...book.incidents].map(({ root }) => root)).toEqual([undefined, undefined]);
  });
});
