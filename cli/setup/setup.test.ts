import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import { beginFolder, makeFolder } from './folder.ts';
import { mosquittoPasswordLine, mosquittoUsers } from './mosquitto-password.ts';
import type { SetupOptions } from './setup-options.ts';
import { setUp, type SetupResult } from './setup.ts';

const NOW_MS = Date.now();
const DAY_MS = 86_400_000;
const PASSWORDS = 'secrets/mosquitto.passwords';
const HOST = { host: ['wardwatch.example.vn', '10.20.0.5'] };

let parent: string;
let city: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'wardwatch-setup-'));
  city = join(parent, 'city');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const setup = (options: SetupOptions, nowMs = NOW_MS): Promise<SetupResult> => setUp(city, options, nowMs);
const text = (path: string): string => readFileSync(join(city, path), 'utf8');
/** Path → content, mode and time of change of everything there. */
function everything(): Record<string, unknown> {
  return Object.fromEntries(
    readdirSync(city, { recursive: true, encoding: 'utf8' }).map((path) => {
      const { mode, uid, mtimeMs } = statSync(join(city, path));
      return [path, [mode, uid, mtimeMs, statSync(join(city, path)).isFile() ? text(path) : '']];
    }),
  );
}
async function refusal(work: Promise<unknown>): Promise<readonly [number, string]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw new Error('expected a UserError', { cause: error });
  return [error.exitCode, error.problems.join('\n')];
}

describe('a first city', () => {
  it('has an authority, a certificate for its hosts, passwords of its own and what to do next', async () => {
    const result = await setup({ ...HOST, agent: ['gw-26737-01'] });
    expect(result).toMatchObject({ event: 'made', for: 'systemd', problems: [], agents: ['gw-26737-01'] });
    expect(result.files).toContain('secrets/server.key');
    expect(result.next.map(({ command }) => command)).toContain('systemctl enable --now wardwatch-central');
    const certificate = new X509Certificate(text('secrets/server.crt'));
    expect(certificate.checkIP('10.20.0.5')).toBe('10.20.0.5');
    expect([...mosquittoUsers(text('secrets/mosquitto.passwords'))]).toEqual(['central', 'gw-26737-01']);
    const names = readdirSync(join(city, 'secrets')).filter((name) => /password$|token$/.test(name));
    const secrets = names.map((name) => text(`secrets/${name}`).trim());
    expect(new Set(secrets).size).toBe(names.length);
    for (const secret of secrets) expect(secret).toMatch(/^ww[a-z]_[A-Za-z0-9_-]{32}$/);
    const printed = JSON.stringify(result);
    for (const secret of secrets) expect(printed).not.toContain(secret);
    for (const secret of secrets) expect(text('setup.json')).not.toContain(secret);
  });

  it('is complete, and the same call again changes nothing', async () => {
    await setup({ ...HOST, agent: ['gw-1'] });
    const before = everything();
    for (const options of [{ ...HOST, agent: ['gw-1'] }, HOST, {}, { check: true }] as const)
      expect(await setup(options, NOW_MS + DAY_MS)).toMatchObject({
        event: 'unchanged',
        problems: [],
        files: [],
      });
    expect(everything()).toEqual(before);
  });

  it('for containers has what docker-compose.yml mounts, and the simulated city where it is asked for', async () => {
    await setup({ host: ['localhost'], for: 'compose', demoUnits: 1 });
    const { uid, gid } = statSync(city);
    expect(text('.env')).toBe(
      `# For docker compose --env-file; made by wardwatch setup.\nWARDWATCH_DIR=${city}\nWARDWATCH_GID=${gid}\nWARDWATCH_SUBNET=10.207.26.0/24\n`,
    );
    expect(statSync(join(city, 'central/central.yaml'))).toMatchObject({ uid, gid });
    for (const closed of ['', 'secrets']) expect(statSync(join(city, closed)).mode & 0o777).toBe(0o750);
    expect(text('central/central.yaml')).toContain('inventoryFile: /etc/wardwatch/inventory.yaml\n');
    const users = mosquittoUsers(text('secrets/mosquitto.passwords'));
    expect([...users].slice(0, 3)).toEqual(['central', 'wardwatch.health', 'host-1']);
    expect(users.size).toBeGreaterThan(10);
    expect(text('secrets/mosquitto-health')).toMatch(/^-u wardwatch\.health\n-P wwp_.{32}\n$/);
    expect(await setup({ check: true })).toMatchObject({ problems: [] });
  });

  it('is made in an empty directory too', async () => {
    mkdirSync(city);
    expect(await setup(HOST)).toMatchObject({ event: 'made' });
  });
});

describe('later', () => {
  it('an agent more gets a password and a folder; those before keep theirs', async () => {
    await setup({ ...HOST, agent: ['gw-1'] });
    const before = text('secrets/mosquitto.passwords');
    const result = await setup({ agent: ['gw-1', 'gw-2'] });
    expect(result).toMatchObject({ event: 'changed', agents: ['gw-1', 'gw-2'] });
    expect(result.files).toEqual(
      ['edge.yaml', 'password', 'ca.crt'].reduce(
        (all, name) => [...all, `agents/gw-2/${name}`],
        ['agents/gw-2/'],
      ),
    );
    expect(text('secrets/mosquitto.passwords').startsWith(before)).toBe(true);
    expect(await setup({ check: true })).toMatchObject({ event: 'unchanged', problems: [] });
  });

  it('of two setups at once one is refused, and nothing of the other is lost', async () => {
    const first = await Promise.allSettled([setup(HOST), setup(HOST)]);
    expect(first.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    const both = [setup({ agent: ['gw-1'] }), setup({ agent: ['gw-2'] })] as const;
    expect(await refusal(both[1])).toEqual([4, `${city}: already in use by process ${process.pid}`]);
    expect(await both[0]).toMatchObject({ event: 'changed', agents: ['gw-1'] });
    expect(await setup({ agent: ['gw-2'] })).toMatchObject({ event: 'changed', agents: ['gw-1', 'gw-2'] });
    const users = ['central', 'gw-1', 'gw-2'];
    expect([...mosquittoUsers(text('secrets/mosquitto.passwords'))]).toEqual(users);
    expect(readdirSync(city)).not.toContain('lock');
  });

  it.each([
    ['before the broker knew it', (before: string) => writeFileSync(join(city, PASSWORDS), before)],
    [
      'while its folder was made',
      (before: string) => {
        writeFileSync(join(city, PASSWORDS), before);
        rmSync(join(city, 'agents/gw-1/password'));
        writeFileSync(join(city, 'agents/gw-1/ca.crt'), '');
      },
    ],
    ['before it was noted', () => undefined],
  ])('an agent whose setup was killed %s is named and completed', async (_when, goBack) => {
    await setup(HOST);
    const [manifest, passwords] = [text('setup.json'), text(PASSWORDS)];
    await setup({ agent: ['gw-1'] });
    writeFileSync(join(city, 'setup.json'), manifest);
    goBack(passwords);
    const problem = `${city}/agents/gw-1/: the agent was not made wholly: wardwatch setup ${city} --agent gw-1`;
    expect(await setup({ check: true })).toMatchObject({ event: 'unchanged', problems: [problem] });
    expect(await setup({ agent: ['gw-1'] })).toMatchObject({ event: 'changed', agents: ['gw-1'] });
    expect(await setup({ check: true })).toMatchObject({ problems: [] });
    const [, line = ''] = text(PASSWORDS).trim().split('\n');
    const salt = Buffer.from(line.split('$')[3] ?? '', 'base64');
    expect(line).toBe(mosquittoPasswordLine('gw-1', text('agents/gw-1/password').trim(), salt));
    expect(text('agents/gw-1/ca.crt')).toBe(text('secrets/ca.crt'));
  });

  it('--renew makes a new certificate from the same authority, for further hosts too', async () => {
    await setup(HOST);
    const authority = text('secrets/ca.crt');
    const inAYear = NOW_MS + 800 * DAY_MS;
    const ending = await setup({ check: true }, inAYear);
    expect(ending.problems).toEqual([
      expect.stringMatching(/server\.crt: expires on .*: wardwatch setup .* --renew$/),
    ]);
    const renewed = await setup({ renew: true, host: ['noc.example.vn'] }, inAYear);
    expect(renewed).toMatchObject({
      event: 'changed',
      hosts: ['wardwatch.example.vn', '10.20.0.5', 'noc.example.vn'],
      files: ['secrets/server.key', 'secrets/server.crt'],
    });
    const certificate = new X509Certificate(text('secrets/server.crt'));
    expect(certificate.verify(new X509Certificate(authority).publicKey)).toBe(true);
    expect(certificate.checkHost('noc.example.vn')).toBeDefined();
    expect(await setup({ check: true }, inAYear)).toMatchObject({ problems: [] });
  });

  it('what is used once may be gone: the first token, folders of agents, the key of the authority', async () => {
    await setup({ ...HOST, agent: ['gw-1'] });
    for (const path of ['secrets/first-token', 'agents/gw-1', 'authority'])
      rmSync(join(city, path), { recursive: true });
    expect(await setup({ check: true })).toMatchObject({ problems: [] });
    expect(await setup({ agent: ['gw-1', 'gw-2'] })).toMatchObject({ event: 'changed', problems: [] });
    expect(readdirSync(join(city, 'agents'))).toEqual(['gw-2']);
  });

  it('--renew needs the key of the authority back', async () => {
    await setup(HOST);
    rmSync(join(city, 'authority/ca.key'));
    expect(await refusal(setup({ renew: true }))).toEqual([
      4,
      expect.stringMatching(/ca\.key: cannot be read: ENOENT/),
    ]);
  });
});

describe('what differs is named, and nothing is changed', () => {
  it('missing files, other rights, a key of another certificate, rubbish in place of one', async () => {
    await setup(HOST);
    rmSync(join(city, 'secrets/grafana-admin-password'));
    chmodSync(join(city, 'secrets/central-mqtt-password'), 0o644);
    writeFileSync(join(city, 'secrets/server.crt'), 'rubbish');
    rmSync(join(city, 'mosquitto/acl'));
    mkdirSync(join(city, 'mosquitto/acl'));
    const before = everything();
    const problems = [
      'secrets/server.crt: expected PEM: ',
      'secrets/central-mqtt-password: expected mode 0640, got 0644: chmod 0640 ',
      'secrets/grafana-admin-password: missing',
      'mosquitto/acl: expected a file',
    ];
    for (const options of [{ check: true }, {}, { agent: ['gw-1'] }] as const) {
      const result = await setup(options);
      expect(result.event).toBe('unchanged');
      for (const problem of problems)
        expect(result.problems).toContainEqual(expect.stringContaining(`${city}/${problem}`));
      expect(result.problems).toHaveLength(problems.length);
    }
    expect(everything()).toEqual(before);
  });

  it('a certificate of another authority or for other hosts', async () => {
    await setup(HOST);
    const other = join(parent, 'other');
    await setUp(other, { host: ['other.example.vn'] }, NOW_MS);
    writeFileSync(join(city, 'secrets/server.crt'), readFileSync(join(other, 'secrets/server.crt')));
    const { problems } = await setup({ check: true });
    expect(problems.map((problem) => problem.replaceAll(`${city}/secrets/`, ''))).toEqual([
      'server.key: expected the key of server.crt',
      'server.crt: not signed by ca.crt',
      'server.crt: not good for wardwatch.example.vn',
      'server.crt: not good for 10.20.0.5',
    ]);
  });
});

describe('is refused', () => {
  it.each([
    [
      { host: ['ward watch', '10.20.0.300'] },
      2,
      /--host: .*got "ward watch"\n--host: .*got "10\.20\.0\.300"/,
    ],
    [{}, 2, /^--host: expected the name or address of this machine/],
    [
      { ...HOST, agent: ['GW 1', 'central', 'spb-a--b', 'phone-07', '../x'] },
      2,
      /got "GW 1"\n.*"central"\n.*"spb-a--b"\n.*"phone-07"\n.*"\.\.\/x"$/,
    ],
    [{ check: true } as const, 5, /has made nothing here yet$/],
    [{ ...HOST, renew: true } as const, 5, /has made nothing here yet$/],
  ])('before anything is there: %j', async (options, exitCode, problem) => {
    expect(await refusal(setup(options))).toEqual([exitCode, expect.stringMatching(problem)]);
    expect(existsSync(city)).toBe(false);
  });

  it.each([['/tmp/city with spaces'], ['/tmp/city#1'], ['/tmp/a:b'], ['/'], ['/tmp/a\nb']])(
    'a path that files could not name: %j',
    async (path) => {
      expect(await refusal(setUp(path, HOST, NOW_MS))).toEqual([
        2,
        expect.stringContaining('letters, digits'),
      ]);
    },
  );

  it('another use, other hosts or another simulated city than what was made', async () => {
    await setup(HOST);
    const before = everything();
    expect(await refusal(setup({ for: 'compose', host: ['noc.example.vn'], demoUnits: 3 }))).toEqual([
      2,
      `--for: ${city} was made for systemd; choose another directory for compose
--demo-units: ${city} was made with 0 of the simulated city; choose another directory
--host: the certificate is for wardwatch.example.vn, 10.20.0.5; for noc.example.vn as well, add --renew`,
    ]);
    expect(everything()).toEqual(before);
  });

  it('a folder with other files, with their names', async () => {
    mkdirSync(city);
    for (let n = 1; n <= 12; n++) writeFileSync(join(city, `photo-${String(n).padStart(2, '0')}.jpg`), '');
    const [exitCode, problem] = await refusal(setup(HOST));
    expect(exitCode).toBe(4);
    expect(problem).toMatch(
      /expected a new or an empty directory, .*; it has photo-01\.jpg, .*photo-10\.jpg and 2 more, which setup did not make: choose another directory$/,
    );
    expect(readdirSync(city)).toHaveLength(12);
  });

  it('a folder that a cut off setup left', async () => {
    await setup(HOST);
    expect(readdirSync(city)).not.toContain('setup.json.begun');
    rmSync(join(city, 'setup.json'));
    writeFileSync(join(city, 'setup.json.begun'), '');
    expect(await refusal(setup(HOST))).toEqual([
      4,
      `${city}: a setup that was cut off left agents, alertmanager, authority, central.yaml, influxdb, mosquitto, notify, secrets, setup.json.begun without setup.json: delete them and run setup again`,
    ]);
  });

  it('a folder that a setup left as soon as it began', async () => {
    makeFolder(city, 'systemd');
    beginFolder(city);
    expect(await refusal(setup(HOST))).toEqual([
      4,
      `${city}: a setup that was cut off left secrets, setup.json.begun without setup.json: delete them and run setup again`,
    ]);
  });

  it('a configuration made by hand, of which nothing is advised to be deleted', async () => {
    mkdirSync(join(city, 'secrets'), { recursive: true });
    writeFileSync(join(city, 'central.yaml'), '');
    writeFileSync(join(city, 'secrets/snmp-core'), 'secret\n');
    expect(await refusal(setup(HOST))).toEqual([
      4,
      `${city}: expected a new or an empty directory, or one that setup made; it has central.yaml, secrets, which setup did not make: choose another directory`,
    ]);
  });

  it('an agent whose folder is there already', async () => {
    await setup(HOST);
    mkdirSync(join(city, 'agents/gw-1'));
    writeFileSync(join(city, 'agents/gw-1/password'), 'mine\n');
    const before = text('secrets/mosquitto.passwords');
    expect(await refusal(setup({ agent: ['gw-1'] }))).toEqual([
      4,
      expect.stringMatching(/agents\/gw-1\/password: exists already, and nothing is overwritten$/),
    ]);
    expect(text('agents/gw-1/password')).toBe('mine\n');
    expect(existsSync(join(city, 'agents/gw-1/edge.yaml'))).toBe(false);
    expect(text('secrets/mosquitto.passwords')).toBe(before);
  });

  it.each([
    ['rubbish', 'not json {', /setup\.json: /],
    ['of another program', '{"hosts": 1}', /setup\.json: hosts: /],
    ['empty', '', /setup\.json: /],
  ])('a setup.json that is %s', async (_what, content, problem) => {
    mkdirSync(city);
    writeFileSync(join(city, 'setup.json'), content);
    expect(await refusal(setup(HOST))).toEqual([4, expect.stringMatching(problem)]);
  });

  it('where nothing can be written', async () => {
    writeFileSync(join(parent, 'file'), '');
    expect(await refusal(setUp(join(parent, 'file'), HOST, NOW_MS))).toEqual([
      4,
      `${parent}/file: is not a directory`,
    ]);
    expect(await refusal(setUp(join(parent, 'file/city'), HOST, NOW_MS))).toEqual([
      4,
      expect.stringContaining('file'),
    ]);
    // Also for root.
    expect(await refusal(setUp('/proc/wardwatch', HOST, NOW_MS))).toEqual([
      4,
      expect.stringMatching(/^\/proc\/wardwatch: cannot be written: /),
    ]);
  });

  it('an id that is one of the simulated city', async () => {
    const simulated = buildCity({ seed: 1, unitCount: 1 }).inventory.agents[0]!.id;
    const options = { host: ['localhost'], demoUnits: 1, agent: [simulated] };
    const [exitCode, problem] = await refusal(setup(options));
    expect([exitCode, problem]).toEqual([2, expect.stringContaining('is one of the simulated city')]);
    expect(existsSync(city)).toBe(false);
  });
});
