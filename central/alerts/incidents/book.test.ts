import { beforeEach, expect, it } from 'vitest';
import type { PresentState } from '../../health/present-states.ts';
import type { Severity } from '../rules/severity.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { IncidentBook } from './book.ts';
import type { Places } from '../suppression/subjects.ts';
import { suppressionIn } from './suppressors.ts';

const places: Places = {
  hasDevice: (id) => id === 'sbc-2',
  hasSite: (id) => id === 'dc-1',
  hasLink: () => false,
  linkAt: () => undefined,
  siteOfDevice: (id) => (id === 'sbc-2' ? 'dc-1' : undefined),
  siteOfAgent: () => 'dc-1',
  nodesAt: () => [],
  nameOf: (ref) => ref,
};

let states: Map<string, PresentState>;
let serviceRoots: string[];
let book: IncidentBook;

beforeEach(() => {
  states = new Map([['device:sbc-2', { state: 'down', sinceMs: 0, roots: [] }]]);
  serviceRoots = ['device:sbc-2'];
  book = new IncidentBook({
    view: { states: { momentOf: (ref) => states.get(ref) }, places, serviceRoots: () => serviceRoots },
    isAbsence: () => false,
    wasTold: () => false,
  });
});

function open(rule: string, severity: Severity, entity: SuppressibleAlert['entity']): void {
  book.open({ id: rule, rule, entity, severity, agent: 'gw-1', startedAtMs: 0 }, 0);
}

function suppressed(): string[] {
  return [...book.alerts.values()]
    .filter((alert) => suppressionIn(alert, places))
    .map(({ facts }) => facts.id);
}

function recover(): void {
  states.set('device:sbc-2', { state: 'up', sinceMs: 1_000, roots: [] });
  serviceRoots = [];
}

it('what a root does to a service is news only where it is graver than what is told', () => {
  open('device_down', 'major', { device: 'sbc-2' });
  open('service_slow', 'minor', { service: '1022' });
  open('service_down', 'critical', { service: '1022' });
  book.review(0, []);
  expect([...book.incidents].map(({ root, members }) => [root, members.size])).toEqual([['device:sbc-2', 3]]);
  expect(suppressed()).toEqual(['service_slow']);
});

it('another alert about the root is told once it becomes graver than the head', () => {
  open('device_down', 'major', { device: 'sbc-2' });
  open('ping_loss', 'minor', { device: 'sbc-2' });
  book.review(0, []);
  expect(suppressed()).toEqual(['ping_loss']);
  const facts = book.alerts.get('ping_loss')?.facts;
  if (facts !== undefined) book.update({ ...facts, severity: 'critical' }, undefined);
  book.review(1_000, []);
  expect(suppressed()).toEqual([]);
});

it('a service that is still in trouble some minutes after the root is told on its own', () => {
  open('device_down', 'major', { device: 'sbc-2' });
  open('service_slow', 'minor', { service: '1022' });
  book.review(0, []);
  recover();
  book.review(1_000, ['device:sbc-2']);
  book.close('device_down');
  book.review(2_000, []);
  expect(suppressed()).toEqual(['service_slow']);
  book.review(181_000, []);
  expect(suppressed()).toEqual([]);
  expect([...book.incidents].map(({ root }) => root)).toEqual([undefined]);
});

it('what ends before its root leaves the incident open, and a root that ends last ends it', () => {
  open('device_down', 'major', { device: 'sbc-2' });
  open('service_slow', 'minor', { service: '1022' });
  book.review(0, []);
  book.close('service_slow');
  book.review(1_000, []);
  expect(book.incidents.size).toBe(1);
  recover();
  book.close('device_down');
  book.review(2_000, ['device:sbc-2']);
  expect(book.incidents.size).toBe(0);
  expect(book.takeChanges().steps.map(({ kind }) => kind)).toEqual([
    'opened',
    'joined',
    'joined',
    'head',
    'ended',
  ]);
});

it("central's time is set back: nothing waits longer because of that", () => {
  states.set('device:sbc-2', { state: 'unknown', sinceMs: 0, roots: [] });
  const alert = {
    id: 'a',
    rule: 'x',
    entity: { device: 'sbc-2' },
    severity: 'major',
    agent: 'gw-1',
    startedAtMs: 0,
  } as const;
  expect(book.awaitsRoot(alert, 3_600_000, 3_601_000)).toBe(true);
  expect(book.awaitsRoot(alert, 3_600_000, 1_000)).toBe(false);
});
