import { beforeEach, describe, expect, it } from 'vitest';
import type { PresentState } from '../../health/present-states.ts';
import type { Severity } from '../rules/severity.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import { IncidentBook } from './book.ts';
import type { ServiceNow } from './cause.ts';
import type { Closing } from './closing.ts';
import type { KnownIncident } from './incident.ts';
import type { Failure } from './past-failure.ts';
import type { Places } from '../suppression/subjects.ts';
import { suppressionIn } from './suppressors.ts';

const places: Places = {
  hasDevice: (id) => id === 'sbc-2',
  hasSite: (id) => id === 'dc-1',
  hasLink: (id) => id === 'up-1',
  linkAt: () => undefined,
  siteOfDevice: (id) => (id === 'sbc-2' ? 'dc-1' : undefined),
  siteOfAgent: () => 'dc-1',
  devicesAt: () => ['sbc-2'],
  nodesAt: () => [],
  onlyLinkAt: () => undefined,
  nameOf: (ref) => ref,
};

const WORKS: ServiceNow = { state: 'up', roots: [] };

let states: Map<string, PresentState>;
let service: ServiceNow;
let lastFailure: Failure | undefined;
/** Incidents that have ended, by their root. */
let ended: Map<string, KnownIncident>;
let told: Set<string>;
/** Kept quiet by a person or the routes. */
let quiet: Set<string>;
let closed: Map<string, Closing>;
let book: IncidentBook;

beforeEach(() => {
  states = new Map([['device:sbc-2', { state: 'down', sinceMs: 0, roots: [] }]]);
  service = { state: 'down', roots: ['device:sbc-2'] };
  lastFailure = undefined;
  ended = new Map();
  told = new Set();
  quiet = new Set();
  closed = new Map();
  book = new IncidentBook({
    view: {
      states: { momentOf: (ref) => states.get(ref) },
      places,
      serviceOf: () => service,
    },
    aspectOf: () => undefined,
    isShared: () => false,
    neededBy: () => new Set(),
    isAbsence: () => false,
    saysDown: (rule) => rule === 'device_down',
    looksBack: (rule) => rule === 'service_target_missed',
    lastFailureOf: () => lastFailure,
    endedOf: (roots) => roots.map((root) => ended.get(root)).find((incident) => incident !== undefined),
    wasTold: (id) => told.has(id),
    toldSeverityOf: (id) => (told.has(id) ? 'major' : undefined),
    closingOf: (id) => closed.get(id),
    willBeTold: (alert) => !quiet.has(alert.id),
  });
});

function open(rule: string, severity: Severity, entity: SuppressibleAlert['entity'], startedAtMs = 0): void {
  book.open({ id: rule, rule, entity, severity, agent: 'gw-1', startedAtMs }, startedAtMs);
}

function suppressed(): string[] {
  return [...book.alerts.values()]
    .filter((alert) => suppressionIn(alert, places))
    .map(({ facts }) => facts.id);
}

function recover(): void {
  states.set('device:sbc-2', { state: 'up', sinceMs: 1_000, roots: [] });
  service = WORKS;
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
  told.add('device_down');
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

describe('an alert that looks back half an hour, of a service that an outage took down', () => {
  beforeEach(() => {
    open('device_down', 'major', { device: 'sbc-2' });
    open('service_target_missed', 'major', { service: '1022' });
    book.review(0, []);
    recover();
    book.review(1_000, ['device:sbc-2']);
    book.close('device_down');
    for (const atMs of [2_000, 181_000, 1_200_000]) book.review(atMs, ['device:sbc-2']);
  });

  it('is no news once the outage is over: it tells of that outage until it ends', () => {
    expect(suppressed()).toEqual(['service_target_missed']);
    expect(book.alerts.get('service_target_missed')?.place?.incident.root).toBe('device:sbc-2');
    book.close('service_target_missed');
    book.review(1_800_000, []);
    expect(book.incidents.size).toBe(0);
  });

  it('has a reason without an end that is known', () => {
    const alert = book.alerts.get('service_target_missed');
    expect(alert && suppressionIn(alert, places)).toEqual({
      kind: 'parent',
      by: 'device:sbc-2',
      reason: 'device:sbc-2 is back: this tells of the time before that',
    });
  });

  it('is told as soon as the service fails anew, by nothing that anybody knows', () => {
    service = { state: 'down', roots: [] };
    book.review(1_201_000, ['site:dc-1']);
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root }) => root)).toEqual([undefined]);
  });

  it('hangs on the next outage when that takes the service down', () => {
    states.set('device:sbc-2', { state: 'down', sinceMs: 1_201_000, roots: [] });
    service = { state: 'down', roots: ['device:sbc-2'] };
    open('device_down', 'major', { device: 'sbc-2' }, 1_201_000);
    for (const atMs of [1_201_000, 1_300_000]) book.review(atMs, ['device:sbc-2']);
    expect(suppressed()).toEqual(['service_target_missed']);
    expect([...book.incidents].map(({ head }) => head?.facts.rule)).toEqual(['device_down']);
  });

  it('keeps no incident open for the hours for which it is a finding', () => {
    const facts = book.alerts.get('service_target_missed')?.facts;
    if (facts !== undefined) book.update({ ...facts, severity: 'warning' }, undefined);
    book.review(1_201_000, []);
    expect(book.incidents.size).toBe(0);
    expect(suppressed()).toEqual([]);
  });
});

describe('an alert that looks back, and begins when the service works again', () => {
  const FAILURE: Failure = { roots: ['device:sbc-2'], fromMs: 0 };

  function endOutage(): void {
    open('device_down', 'major', { device: 'sbc-2' });
    book.review(0, []);
    told.add('device_down');
    recover();
    lastFailure = FAILURE;
    book.review(1_000, ['device:sbc-2']);
  }

  function closeOutage(): KnownIncident {
    endOutage();
    book.close('device_down');
    const [incident] = book.incidents;
    book.review(2_000, []);
    expect(book.incidents.size).toBe(0);
    ended.set('device:sbc-2', incident!);
    return incident!;
  }

  function miss(severity: Severity, atMs: number): void {
    open('service_target_missed', severity, { service: '1022' }, atMs);
    for (let nowMs = atMs; nowMs <= atMs + 400_000; nowMs += 100_000) book.review(nowMs, ['site:dc-1']);
  }

  it('belongs to the outage that is ending, and is no news', () => {
    endOutage();
    miss('major', 3_000);
    expect(suppressed()).toEqual(['service_target_missed']);
    expect([...book.incidents].map(({ root, members }) => [root, members.size])).toEqual([
      ['device:sbc-2', 2],
    ]);
  });

  it('opens the incident again that has ended meanwhile, tells nobody, and ends it', () => {
    const { id } = closeOutage();
    miss('major', 60_000);
    expect(suppressed()).toEqual(['service_target_missed']);
    expect([...book.incidents].map((each) => [each.id, each.root])).toEqual([[id, 'device:sbc-2']]);
    book.close('service_target_missed');
    book.review(900_000, []);
    expect(book.incidents.size).toBe(0);
    const steps = book.takeChanges().steps.filter(({ incident }) => incident === id);
    expect(steps.map(({ kind }) => kind).slice(-4)).toEqual(['ended', 'reopened', 'joined', 'ended']);
  });

  it('is told where it is graver than all that was told of the outage, which it names as its root', () => {
    closeOutage();
    miss('critical', 60_000);
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root }) => root)).toEqual(['device:sbc-2']);
  });

  it('is told where nobody heard of the outage', () => {
    closeOutage();
    told.clear();
    miss('major', 60_000);
    expect(suppressed()).toEqual([]);
  });

  it('names what had failed where the outage was too short for an alert of its own', () => {
    recover();
    lastFailure = FAILURE;
    miss('critical', 60_000);
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root }) => root)).toEqual(['device:sbc-2']);
    book.close('service_target_missed');
    book.review(900_000, []);
    expect(book.incidents.size).toBe(0);
  });

  it('stands alone where nobody knows why the service failed', () => {
    recover();
    miss('critical', 60_000);
    expect([...book.incidents].map(({ root }) => root)).toEqual([undefined]);
  });

  it('is told on its own where it tells of a failure without an incident, long after another', () => {
    closeOutage();
    lastFailure = { roots: ['pool:dc-1'], fromMs: 50_000 };
    miss('major', 60_000);
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root }) => root)).toEqual(['pool:dc-1']);
  });

  it.each(['unknown', 'degraded'] as const)(
    'stays with that outage while the service is %s by something else',
    (state) => {
      endOutage();
      miss('major', 3_000);
      service = { state, roots: ['link:up-9'] };
      for (const atMs of [410_000, 700_000]) book.review(atMs, ['site:dc-1']);
      expect(suppressed()).toEqual(['service_target_missed']);
      expect([...book.incidents].map(({ root }) => root)).toEqual(['device:sbc-2']);
    },
  );
});

it('a service that nobody can say anything of any more stays with its root, and begins nothing with what is not known', () => {
  open('device_down', 'major', { device: 'sbc-2' });
  open('service_slow', 'minor', { service: '1022' });
  book.review(0, []);
  service = { state: 'unknown', roots: ['device:sbc-2'] };
  for (const atMs of [1_000, 400_000]) book.review(atMs, ['site:dc-1']);
  expect(suppressed()).toEqual(['service_slow']);
  service = { state: 'unknown', roots: ['link:up-9'] };
  for (const atMs of [401_000, 800_000]) book.review(atMs, ['site:dc-1']);
  expect([...book.incidents].map(({ root }) => root)).toEqual(['device:sbc-2', undefined]);
});

describe('an alert that looks back, and stood as a finding since an outage hours ago', () => {
  const LATER_MS = 4 * 3_600_000;

  beforeEach(() => {
    states.set('device:sbc-2', { state: 'up', sinceMs: 0, roots: [] });
    service = WORKS;
    open('service_target_missed', 'warning', { service: '1022' });
    told.add('service_target_missed');
    book.review(60_000, []);
    states.set('device:sbc-2', { state: 'down', sinceMs: LATER_MS, roots: [] });
    service = { state: 'down', roots: ['device:sbc-2'] };
  });

  function miss(severity: Severity, atMs: number): void {
    const facts = book.alerts.get('service_target_missed')?.facts;
    if (facts !== undefined) book.update({ ...facts, severity }, undefined);
    book.review(atMs, ['device:sbc-2']);
  }

  it('gets graver by the next one, and is no news beside what tells of that', () => {
    open('device_down', 'major', { device: 'sbc-2' }, LATER_MS);
    miss('major', LATER_MS);
    expect(suppressed()).toEqual(['service_target_missed']);
    expect([...book.incidents].map(({ root, head }) => [root, head?.facts.rule])).toEqual([
      ['device:sbc-2', 'device_down'],
    ]);
    miss('critical', LATER_MS + 60_000);
    expect(suppressed()).toEqual([]);
  });

  it('is no news either when the head gets milder on its way to its end', () => {
    open('device_down', 'critical', { device: 'sbc-2' }, LATER_MS);
    miss('critical', LATER_MS);
    recover();
    book.review(LATER_MS + 600_000, ['device:sbc-2']);
    const head = book.alerts.get('device_down')?.facts;
    if (head !== undefined) book.update({ ...head, severity: 'minor' }, true);
    book.review(LATER_MS + 650_000, []);
    expect(suppressed()).toEqual(['service_target_missed']);
    book.close('device_down');
    for (const afterMs of [660_000, 1_500_000]) book.review(LATER_MS + afterMs, []);
    expect(suppressed()).toEqual(['service_target_missed']);
  });

  it('waits for what tells of that, and is told where nothing does', () => {
    miss('major', LATER_MS);
    expect(suppressed()).toEqual(['service_target_missed']);
    book.review(LATER_MS + 44_000, []);
    expect(suppressed()).toEqual(['service_target_missed']);
    book.review(LATER_MS + 46_000, []);
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root }) => root)).toEqual(['device:sbc-2']);
  });
});

describe('an alert that is on its way to its end after the outage, and in breach again by one lost packet', () => {
  function note(isRecovering: boolean, atMs: number): void {
    const facts = book.alerts.get('ping_loss')?.facts;
    if (facts !== undefined) book.update(facts, isRecovering);
    book.review(atMs, []);
  }

  beforeEach(() => {
    open('device_down', 'major', { device: 'sbc-2' });
    open('ping_loss', 'major', { device: 'sbc-2' });
    book.review(0, []);
    recover();
    book.review(1_000, ['device:sbc-2']);
    book.close('device_down');
    for (let atMs = 2_000; atMs < 200_000; atMs += 1_000) note(true, atMs);
    note(false, 200_000);
  });

  it('is no news', () => {
    expect(suppressed()).toEqual(['ping_loss']);
    note(true, 230_000);
    expect(suppressed()).toEqual(['ping_loss']);
  });

  it('is told where that lasts some minutes', () => {
    book.review(378_000, []);
    expect(suppressed()).toEqual(['ping_loss']);
    book.review(379_000, []);
    expect(suppressed()).toEqual([]);
  });

  it('is told where it goes on like that for so long that it is a fault of its own', () => {
    for (let atMs = 201_000; atMs < 900_000; atMs += 1_000) note(atMs % 60_000 > 0, atMs);
    expect(suppressed()).toEqual(['ping_loss']);
    note(false, 901_000);
    expect(suppressed()).toEqual([]);
  });
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

describe('an alert that was open on a device before it went down', () => {
  const HOUR_MS = 3_600_000;
  beforeEach(() => {
    states.set('device:sbc-2', { state: 'up', sinceMs: 0, roots: [] });
    service = WORKS;
  });

  function goDown(): void {
    states.set('device:sbc-2', { state: 'down', sinceMs: HOUR_MS, roots: [] });
    open('device_down', 'major', { device: 'sbc-2' }, HOUR_MS);
    for (const atMs of [HOUR_MS, HOUR_MS + 1_000, 2 * HOUR_MS]) book.review(atMs, ['device:sbc-2']);
  }

  it('has another cause: the outage of the device is told', () => {
    open('certificate_expiring', 'critical', { device: 'sbc-2' });
    told.add('certificate_expiring');
    book.review(60_000, []);
    goDown();
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root, head }) => [root, head?.facts.rule])).toEqual([
      [undefined, 'certificate_expiring'],
      ['device:sbc-2', 'device_down'],
    ]);
  });

  it('and hung on the outage before that is told on its own once the device is well again', () => {
    states.set('device:sbc-2', { state: 'down', sinceMs: 0, roots: [] });
    open('ping_loss', 'critical', { device: 'sbc-2' });
    book.review(0, []);
    told.add('ping_loss');
    recover();
    for (const atMs of [1_000, 200_000]) book.review(atMs, ['device:sbc-2']);
    goDown();
    expect(suppressed()).toEqual([]);
  });
});

it('a finding that pages nobody never stands for an outage', () => {
  open('certificate_expiring', 'warning', { device: 'sbc-2' });
  book.review(0, []);
  open('ping_loss', 'minor', { device: 'sbc-2' });
  book.review(1_000, []);
  expect([...book.incidents].map(({ head }) => head?.facts.rule)).toEqual(['ping_loss']);
});

it('an alert about the root that is kept quiet is not what others are told with', () => {
  quiet.add('device_down');
  open('device_down', 'critical', { device: 'sbc-2' });
  open('ping_loss', 'minor', { device: 'sbc-2' });
  book.review(0, []);
  expect([...book.incidents].map(({ head }) => head?.facts.rule)).toEqual(['ping_loss']);
});

it('what a person closed stands for all that is not graver, until the root is well again', () => {
  open('device_down', 'major', { device: 'sbc-2' });
  open('ping_loss', 'major', { device: 'sbc-2' });
  book.review(0, []);
  closed.set('device_down', { by: 'lan', severity: 'major' });
  book.close('device_down');
  for (const atMs of [1_000, 100_000]) book.review(atMs, []);
  expect(suppressed()).toEqual(['ping_loss']);
  open('service_down', 'critical', { service: '1022' });
  for (const atMs of [101_000, 200_000]) book.review(atMs, []);
  expect(suppressed()).toEqual(['ping_loss']);
  recover();
  for (const atMs of [201_000, 400_000]) book.review(atMs, ['device:sbc-2']);
  expect(suppressed()).toEqual([]);
});

describe('the line of a site is up again before anybody there is heard', () => {
  beforeEach(() => {
    states = new Map([['link:up-1', { state: 'down', sinceMs: 0, roots: [] }]]);
    service = WORKS;
    openAt('link_down', { link: 'up-1' });
    book.review(0, []);
    const [incident] = book.incidents;
    if (incident !== undefined) book.noteCutOff(incident, ['site:dc-1']);
    told.add('link_down');
    states.set('link:up-1', { state: 'up', sinceMs: 1_000, roots: [] });
    states.set('site:dc-1', { state: 'unreachable', sinceMs: 0, roots: ['site:dc-1'] });
  });

  function openAt(rule: string, entity: SuppressibleAlert['entity'], atMs = 0): void {
    book.open({ id: rule, rule, entity, severity: 'critical', agent: 'central', startedAtMs: atMs }, atMs);
  }

  it('is no second outage: the site has some minutes to come back', () => {
    openAt('site_cut', { site: 'dc-1' }, 2_000);
    book.review(2_000, ['link:up-1', 'site:dc-1']);
    expect([...book.incidents].map(({ root }) => root)).toEqual(['link:up-1']);
    expect(suppressed()).toEqual(['site_cut']);
  });

  it('is told where the site stays away', () => {
    openAt('site_cut', { site: 'dc-1' }, 2_000);
    for (let nowMs = 2_000; nowMs <= 200_000; nowMs += 1_000) book.review(nowMs, []);
    expect(suppressed()).toEqual([]);
    expect([...book.incidents].map(({ root }) => root)).toContain('site:dc-1');
  });

  it('is told at once where the line has been up for longer', () => {
    openAt('site_cut', { site: 'dc-1' }, 300_000);
    book.review(300_000, []);
    expect(suppressed()).toEqual([]);
  });
});
