import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../runtime/errors.ts';
import { loadNotify, type NotifySetup } from './load-notify.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-notify-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const files = { env: {}, timeZone: 'UTC', rules: ['room_smoke', 'power_on_battery'] };

function load(contents: Readonly<Record<string, string>>): NotifySetup {
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(directory, name), text);
  return loadNotify({ directory, allowTargets: [], allowPrograms: ['/usr/bin/sms'] }, files);
}

function problems(contents: Readonly<Record<string, string>>): readonly string[] {
  try {
    load(contents);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.exitCode).toBe(2);
    return error.problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
  }
}

const NOC = 'kind: webhook\nurl: https://noc.example.vn/';
const SMS = 'kind: exec\nprogram: /usr/bin/sms';

describe('the directory of channels', () => {
  it('is read with its routes', () => {
    const { channels, routes, groupWindow } = load({
      'noc.yaml': NOC,
      'sms.yaml': SMS,
      'routes.yaml': `routes:
        - { name: night, rules: [room_*], days: [sat, sun], hours: { from: '22:30', to: '06:00' },
            channels: [noc], second: { channel: sms, after: 5m } }`,
    });
    expect(channels.map(({ id, kind }) => [id, kind])).toEqual([
      ['noc', 'webhook'],
      ['sms', 'exec'],
    ]);
    expect(groupWindow).toBe(10_000);
    expect(routes).toMatchObject([
      { hours: { fromMinute: 1_350, toMinute: 360 }, second: { channel: 'sms', afterMs: 300_000 } },
    ]);
  });

  it('tells every mistake of every file at once', () => {
    const found = problems({
      'noc.yaml': 'kind: webhook\nurl: noc.example.vn\nmaxChars: 5',
      'sms.yaml': 'kind: exec\nprogram: /bin/sh',
      'pager.yaml': 'kind: pager',
      'Big Name.yaml': NOC,
      'broken.yaml': 'kind: [',
      'routes.yaml': `routes:
        - { name: a, channels: [nok], rules: [room_smok, none_*], second: { channel: gone, after: 5m } }
        - { name: b, channels: [sms], second: { channel: sms, after: 5m } }`,
    });
    expect(found.map((problem) => problem.slice(0, 70)).sort()).toEqual(
      [
        'Big Name.yaml: file name: expected <channel>.yaml, the channel 1 to 64',
        expect.stringMatching(/^broken\.yaml: not valid YAML/) as string,
        'noc.yaml: maxChars: too small: expected number to be >=70, got 5',
        'noc.yaml: url: expected http://… or https://…, got "noc.example.vn"',
        'pager.yaml: kind: expected one of alertmanager, email, exec, webhook, got "pager"',
        'routes.yaml: routes[0].channels[0]: there is no nok.yaml beside it',
        'routes.yaml: routes[0].rules[0]: there is no such rule, got "room_smok',
        'routes.yaml: routes[0].rules[1]: there is no such rule, got "none_*"',
        'routes.yaml: routes[0].second.channel: there is no gone.yaml beside it',
        expect.stringMatching(
          /^routes\.yaml: routes\[1\]\.second\.channel: expected a channel that/,
        ) as string,
        expect.stringMatching(/^sms\.yaml: program: \/bin\/sh may not be run/) as string,
      ].map((problem) => (typeof problem === 'string' ? problem.slice(0, 70) : problem)),
    );
  });

  it('needs its routes, and exists', () => {
    expect(problems({ 'noc.yaml': NOC })).toEqual([expect.stringContaining('routes.yaml: cannot be read')]);
    const missing = { ...files, directory: '/none/such', allowTargets: [], allowPrograms: [] };
    expect(() => loadNotify(missing, files)).toThrow('/none/such: cannot be read');
  });

  it.each([
    ["hours: { from: '7:30', to: '17:00' }", "hours.from: expected a time such as '07:30', in quotes"],
    ["hours: { from: '07:30', to: '24:00' }", "hours.to: expected a time such as '07:30', in quotes"],
    ['units: [26737]', 'units[0]: '],
    ['severities: [grave]', 'severities[0]: '],
    ['agencies: [Sở Y tế]', 'agencies[0]: expected an id of the inventory'],
    ['services: ["service:calls"]', 'services[0]: expected an id of the inventory'],
    ['services: []', 'services: '],
    ['days: [monday]', 'days[0]: '],
    ['chanels: [noc]', 'chanels: unknown setting'],
    ['severities: []', 'severities: '],
    ['escalate: [{ after: 10s, channels: [noc] }]', 'escalate[0].after: expected 1m to 24h'],
    ['escalate: [{ after: 15m, channels: [nok] }]', 'escalate[0].channels[0]: there is no nok.yaml'],
    [
      'escalate: [{ after: 15m, channels: [noc] }]',
      'escalate[0].channels[0]: expected a channel that is not',
    ],
  ])('refuses a route with %s', (setting, problem) => {
    const routes = `routes:\n  - { name: a, channels: [noc], ${setting} }`;
    expect(problems({ 'noc.yaml': NOC, 'routes.yaml': routes })).toEqual([
      expect.stringContaining(`routes.yaml: routes[0].${problem}`),
    ]);
  });
});
