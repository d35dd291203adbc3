import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../runtime/errors.ts';
import { buildInventory } from './city/build-inventory.ts';
import { loadScenarios } from './load-scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';

const MINUTE_MS = 60_000;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'scenarios-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(name: string, text: string): void {
  writeFileSync(join(directory, `${name}.yaml`), `title: { en: Story, vi: Chuyện }\nlength: 40m\n${text}`);
}

function load(...names: readonly string[]): readonly Scenario[] {
  return loadScenarios(names, {
    directory,
    rules: ['link_down', 'device_down'],
    inventoryOf: ({ units }) => buildInventory({ seed: 1, unitCount: units }),
  });
}

function problemsOf(...names: readonly string[]): readonly string[] {
  try {
    load(...names);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map((each) => each.replace(`${directory}/`, ''));
    throw error;
  }
  return [];
}

it('a scenario has its own faults and, so much later, those of the scenarios that it includes', () => {
  write(
    'cut',
    'happens:\n  - { fault: hub_uplink_cut, target: hub-01, begin: 12m, length: 5m }\nnever: [device_down]',
  );
  write('both', "start: '2026-11-23 07:30'\ninclude:\n  - scenario: cut\n  - { scenario: cut, after: 10m }");
  const [both] = load('both');
  expect(both?.fromMs).toBe(Date.UTC(2026, 10, 23, 0, 30));
  expect(both?.happens.map(({ target, begin }) => [target, begin / MINUTE_MS])).toEqual([
    ['hub-01', 12],
    ['hub-01', 22],
  ]);
  expect(both?.never).toEqual(['device_down', 'device_down']);
});

it('what does not exist, cannot be or contradicts itself is refused, all at once, with the nearest name', () => {
  write(
    'bad',
    `never: [link_down]
happens:
  - { fault: hub_uplink_cot, target: hub-01, begin: 12m, length: 5m }
  - { fault: hub_uplink_cut, target: hub-1, begin: 12m, length: 5m }
  - { fault: hub_uplink_cut, target: hub-01, begin: 1m, length: 50m }
  - { fault: hub_uplink_cut, target: hub-01, begin: 12m, length: 5m, root: ['link:up-hub-1'] }
  - { fault: node_reboot, target: site-25747-01, begin: 12m, length: 5m, period: 6m,
      due: [{ rules: [link_down, device_dawn], within: 30m }], services: [mial] }
`,
  );
  expect(problemsOf('bad', 'bed')).toEqual([
    'bad.yaml: happens[0].fault: expected a kind of fault, got "hub_uplink_cot", did you mean "hub_uplink_cut"?',
    'bad.yaml: happens[1].target: expected a target of hub_uplink_cut in this city, got "hub-1", did you mean "hub-01"?',
    'bad.yaml: happens[2].begin: expected at least 10 min, by which time central judges everything, got 1 min',
    'bad.yaml: happens[2].length: expected an end within the scenario (40 min), got 51 min',
    'bad.yaml: happens[3].due: expected what is due, since root, path, units or services are asked for, got nothing',
    'bad.yaml: happens[3].root[0]: expected something of this city, got "link:up-hub-1", did you mean "link:up-hub-01"?',
    'bad.yaml: happens[4].period: expected more than nothing and at most its length (5 min), got 6 min',
    'bad.yaml: happens[4].due[0].within: expected within the scenario (40 min), got 42 min after its begin',
    'bad.yaml: happens[4].due[0].rules[0]: expected no rule of "never", got "link_down"',
    'bad.yaml: happens[4].due[0].rules[1]: expected a shipped rule, got "device_dawn", did you mean "device_down"?',
    'bad.yaml: happens[4].services[0]: expected something of this city, got "mial", did you mean "mail"?',
    'bad.yaml: happens[3]: expected one hub_uplink_cut of hub-01 at a time, got another in happens[2]',
    'scenario: expected a known scenario, got "bed", did you mean "bad"?',
  ]);
});

it('what the schema refuses is named by file, path and value; a circle of includes ends', () => {
  write(
    'odd',
    "start: '2026-02-31 10:00'\nhapens: []\nhappens:\n  - { fault: x, target: y, begin: soon, length: 5m }",
  );
  expect(problemsOf('odd')).toEqual([
    'odd.yaml: start: expected a time that exists, got "2026-02-31 10:00"',
    'odd.yaml: happens[0].begin: expected a duration such as 30s, 15m, 1h or 7d, got "soon"',
    'odd.yaml: hapens: unknown setting',
  ]);
  write('round', 'include: [{ scenario: round }]');
  expect(problemsOf('round')).toEqual(['round.yaml: include: expected at most 8 levels, and no circle']);
});
