import { describe, expect, it } from 'vitest';
import { layoutOf } from './layout.ts';
import { missingAccounts, ownerText, rightsOf, type Accounts } from './owners.ts';

const PASSWD = `root:x:0:0:root:/root:/bin/bash
wardwatch:x:998:997::/var/lib/wardwatch:/usr/sbin/nologin
mosquitto:x:106:112::/var/lib/mosquitto:/usr/sbin/nologin
influxdb:x:107:113::/var/lib/influxdb:/usr/sbin/nologin
`;
const GROUP = 'root:x:0:\nwardwatch:x:997:\nmosquitto:x:112:\ninfluxdb:x:113:\n';
const DEBIAN: Accounts = { uid: 0, gid: 0, passwd: PASSWD, group: GROUP };
const CHOICE = { agents: ['gw-1'], demoUnits: 1 };

const shown = (use: 'systemd' | 'compose', accounts: Accounts): Record<string, string> =>
  Object.fromEntries(
    layoutOf({ use, ...CHOICE }).map((entry) => {
      const rights = rightsOf(entry, use, accounts);
      return [entry.path, `${ownerText(rights, accounts)} ${rights.mode.toString(8)}`];
    }),
  );

describe('on a machine', () => {
  it('each service reads its own secrets and no other', () => {
    expect(shown('systemd', DEBIAN)).toMatchObject({
      'authority/ca.key': 'root:root 600',
      'secrets/': 'root:root 755',
      'secrets/ca.crt': 'root:root 644',
      'secrets/server.key': 'mosquitto:wardwatch 640',
      'secrets/mosquitto.passwords': 'mosquitto:mosquitto 600',
      'secrets/central-mqtt-password': 'root:wardwatch 640',
      'secrets/first-token': 'root:wardwatch 640',
      'central.yaml': 'root:wardwatch 640',
      'influxdb/users.iql': 'influxdb:influxdb 600',
      'agents/gw-1/password': 'root:root 600',
    });
  });

  it('what belongs to a service without a user here is closed to all but root', () => {
    expect(missingAccounts(DEBIAN)).toEqual(['grafana']);
    expect(shown('systemd', DEBIAN)['secrets/grafana-admin-password']).toBe('root:root 600');
    const bare = { uid: 0, gid: 0, passwd: '', group: '' };
    expect(missingAccounts(bare)).toEqual(['wardwatch', 'mosquitto', 'influxdb', 'grafana']);
    expect(shown('systemd', bare)['secrets/server.key']).toBe('0:0 640');
  });

  it('nobody else reads a secret, whoever runs setup', () => {
    for (const use of ['systemd', 'compose'] as const)
      for (const accounts of [DEBIAN, { ...DEBIAN, uid: 1_000, gid: 1_000 }])
        for (const entry of layoutOf({ use, ...CHOICE }))
          if (entry.reader !== 'all' && !(use === 'compose' && entry.reader === 'edge'))
            expect(rightsOf(entry, use, accounts).mode & 0o007).toBe(0);
  });
});

it('for containers all but the key of the authority is for the group of the folder; what is open lies in closed directories', () => {
  const rights = shown('compose', { ...DEBIAN, uid: 1_000, gid: 1_001 });
  expect(rights['authority/ca.key']).toBe('1000:1001 600');
  expect(rights['secrets/']).toBe('1000:1001 750');
  const others = Object.entries(rights).filter(([path]) => !/^(authority|agents)\//.test(path));
  const isOpen = (text: string): boolean => /4$|5$/.test(text);
  // What the agent's container reads, which is in no group, and what is no secret.
  expect(others.filter(([, text]) => isOpen(text))).toEqual([
    ['secrets/ca.crt', '1000:1001 644'],
    ['secrets/server.crt', '1000:1001 644'],
    ['alertmanager/alertmanager.yml', '1000:1001 644'],
    ['.env', '1000:1001 644'],
    ['secrets/edge-password', '1000:1001 644'],
    ['edge/', '1000:1001 755'],
    ['edge/edge.yaml', '1000:1001 644'],
  ]);
  for (const [path, text] of others)
    if (!isOpen(text)) expect([path, text]).toEqual([path, expect.stringMatching(/^1000:1001 (640|750)$/)]);
});
