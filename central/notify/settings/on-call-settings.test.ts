import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../../../runtime/errors.ts';
import { loadNotify } from './load-notify.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-on-call-'));
  for (const channel of ['sms-an', 'sms-binh'])
    writeFileSync(join(directory, `${channel}.yaml`), 'kind: webhook\nurl: https://noc.example.vn/');
});
afterEach(() => rmSync(directory, { recursive: true }));

function load(routes: string) {
  writeFileSync(join(directory, 'routes.yaml'), routes);
  const files = { env: {}, timeZone: 'Asia/Ho_Chi_Minh', rules: undefined };
  return loadNotify({ directory, allowTargets: [], allowPrograms: [] }, files);
}

function problems(routes: string): readonly string[] {
  try {
    load(routes);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
  }
}

const PEOPLE = `people:
  - { id: an, name: Nguyễn Văn An, channels: [sms-an] }
  - { id: binh, name: Trần Thị Bình, channels: [sms-binh] }
`;

it('calls whoever is on call, by a calendar or a layer of one, at once or later', () => {
  const { routes, onCall } = load(`${PEOPLE}onCall:
  - name: network
    layers:
      - { name: first, rotation: weekly, handover: '08:00', from: '2026-11-30', people: [an, binh] }
      - { name: second, rotation: daily, handover: '20:00', from: '2026-11-30', people: [binh, an] }
    overrides:
      - { layer: first, person: binh, from: '2026-12-24 18:00', to: '2026-12-26 08:00' }
routes:
  - { name: grave, onCall: network/first, escalate: [{ after: 15m, onCall: network/second }] }`);
  const [route] = routes;
  const at = Date.parse('2026-12-01T12:00:00+07:00');
  expect([route?.channels, route?.onCall?.channelsAt(at)]).toEqual([[], ['sms-an']]);
  expect(route?.escalate?.[0]?.onCall?.channelsAt(at)).toEqual(['sms-binh']);
  // An's turn, but Bình stands in.
  expect(route?.onCall?.channelsAt(Date.parse('2026-12-25T12:00:00+07:00'))).toEqual(['sms-binh']);
  expect(onCall?.gaps(at)).toEqual([]);
});

it('finds the gaps of what routes and escalations call, each for itself', () => {
  const { onCall } = load(`${PEOPLE}onCall:
  - name: network
    layers:
      - { name: first, rotation: weekly, handover: '08:00', from: '2026-11-30', people: [an] }
      - { name: nights, rotation: daily, handover: '20:00', from: '2026-11-30', people: [binh], hours: { from: '22:00', to: '06:00' } }
      - { name: idle, rotation: daily, handover: '20:00', from: '2026-11-30', people: [binh], days: [sun] }
routes:
  - { name: grave, onCall: network, escalate: [{ after: 15m, onCall: network/nights }] }`);
  const gaps = onCall?.gaps(Date.parse('2026-12-01T12:00:00+07:00')) ?? [];
  expect(gaps[0]).toMatchObject({ layer: 'nights', toMs: Date.parse('2026-12-01T22:00:00+07:00') });
  expect(new Set(gaps.map(({ layer }) => layer))).toEqual(new Set(['nights']));
});

it('tells every mistake at once', () => {
  const found = problems(`${PEOPLE}  - { id: an, name: Another, channels: [sms-chi] }
onCall:
  - name: network
    layers:
      - { name: first, rotation: weekly, handover: '08:00', from: '2026-11-30', people: [an, chi] }
      - { name: first, rotation: daily, handover: '08:00', from: '2026-11-30', people: [an] }
    overrides:
      - { layer: third, person: chi, from: '2026-12-24 18:00', to: '2026-12-24 18:00' }
      - { layer: first, person: an, from: '2026-12-01 08:00', to: '2026-12-03 08:00' }
      - { layer: first, person: binh, from: '2026-12-02 08:00', to: '2026-12-04 08:00' }
routes:
  - { name: a, onCall: netwok, escalate: [{ after: 15m, onCall: network/thrid }] }`);
  expect(found).toEqual([
    'routes.yaml: people[2].id: is there twice, got "an"',
    'routes.yaml: people[2].channels[0]: there is no sms-chi.yaml beside it',
    'routes.yaml: onCall[0].layers[1].name: is there twice, got "first"',
    'routes.yaml: onCall[0].layers[0].people[1]: there is no person "chi"',
    'routes.yaml: onCall[0].overrides[0].layer: there is no layer "third"',
    'routes.yaml: onCall[0].overrides[0].person: there is no person "chi"',
    'routes.yaml: onCall[0].overrides[0].to: expected later than from',
    'routes.yaml: onCall[0].overrides[2]: overlaps overrides[1] of the same layer',
    'routes.yaml: routes[0].onCall: there is no calendar or layer "netwok"',
    'routes.yaml: routes[0].escalate[0].onCall: there is no calendar or layer "network/thrid"',
  ]);
});

it.each([
  ["from: '2026-02-30'", /from: expected a day of the calendar/],
  ["from: '2026-1-01'", /from: expected a day such as/],
  ["from: '2026-11-30', rotation: hourly", /rotation: /],
  ["from: '2026-11-30', handover: '24:00'", /handover: expected a time such as/],
  ["from: '2026-11-30', people: []", /people: /],
])('refuses a layer with %s', (part, problem) => {
  const settings: Record<string, string> = {
    ...{ rotation: 'rotation: daily', handover: "handover: '08:00'", people: 'people: [an]' },
  };
  for (const key of Object.keys(settings)) if (part.includes(`${key}:`)) settings[key] = '';
  const layer = ['name: first', part, ...Object.values(settings)].filter((text) => text !== '').join(', ');
  const found = problems(
    `${PEOPLE}onCall: [{ name: n, layers: [{ ${layer} }] }]\nroutes: [{ name: a, channels: [sms-an] }]`,
  );
  expect(found).toEqual([expect.stringMatching(problem)]);
});

it('refuses a route that tells nobody', () => {
  expect(problems('routes: [{ name: a }]')).toEqual([
    expect.stringMatching(/routes\[0\].*expected channels, or onCall/),
  ]);
});
