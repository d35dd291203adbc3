import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './layout.js';

const read = (path) => readFileSync(join(root, path), 'utf8');
const text = read('docker-compose.yml');
const stack = parse(text, { merge: true });
const services = Object.entries(stack.services);
const running = services.filter(([, service]) => service.restart !== 'no');

/** `10m`, `512m` in MiB. */
const mebibytes = (size) => Number(/^(\d+)m$/.exec(size)?.[1]);

describe('docker-compose.yml', () => {
  it('has the services of docs/compose.md', () => {
    const guide = read('docs/compose.md');
    for (const [name] of services) expect(guide).toContain(`| \`${name}\` |`);
  });

  it.each(services)('pins the image of %s', (_name, { image }) => {
    // Ours have the version of the project, which an upgrade sets.
    const isOurs = image.startsWith('wardwatch-');
    const expected = isOurs
      ? `:\${WARDWATCH_VERSION:-${JSON.parse(read('package.json')).version}}`
      : expect.stringMatching(/^:v?\d+\.\d+\.\d+(-alpine)?$/);
    expect(image.replace(/^[a-z/-]+/, '')).toEqual(expected);
  });

  it.each(services)('gives %s no more rights than it needs', (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      user: expect.stringMatching(/^[1-9]\d*:\d+$/),
    });
    for (const forbidden of ['privileged', 'cap_add', 'devices', 'pid', 'ipc', 'env_file'])
      expect(service).not.toHaveProperty(forbidden);
    expect(JSON.stringify(service.volumes ?? [])).not.toContain('docker.sock');
  });

  it.each(services)('bounds %s in memory, processor, processes and log', (_name, service) => {
    expect(mebibytes(service.mem_limit)).toBeGreaterThanOrEqual(64);
    expect(service.cpus).toBeGreaterThan(0);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.logging).toEqual({ driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } });
    for (const mount of service.tmpfs ?? []) expect(mount).toMatch(/:size=\d+m,/);
  });

  it('fits 2 cores and 2 GiB as a whole', () => {
    const cores = running.reduce((total, [, { cpus }]) => total + cpus, 0);
    expect(Math.round(100 * cores)).toBeLessThanOrEqual(200);
    const memory = services.reduce((total, [, { mem_limit: size }]) => total + mebibytes(size), 0);
    expect(memory).toBeLessThanOrEqual(2_048);
  });

  it.each(running)('asks %s whether it works, and starts it again', (_name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck.test[0]).toBe('CMD');
    expect(service.healthcheck.test.join(' ')).not.toMatch(/\btrue\b|\bpgrep\b|\bexit 0\b/);
  });

  it('mounts what it does not write for reading only', () => {
    const mounts = services.flatMap(([, { volumes = [] }]) => volumes);
    for (const mount of mounts) {
      if (!(mount.split(':')[0] in stack.volumes)) expect(mount).toMatch(/:ro$/);
    }
  });

  it('keeps the secrets of the others from whoever sees the files and processes of the machine', () => {
    const seeing = services.filter(([, { volumes = [] }]) =>
      volumes.some((mount) => /^(\/|\/proc|\/root|\/home):/.test(mount)),
    );
    expect(seeing.map(([name]) => name)).toEqual(['edge']);
    for (const [name, service] of seeing) {
      expect(service).not.toHaveProperty('group_add');
      const [user, group] = service.user.split(':');
      // Groups of a machine's own services (docker is one), and of its people from 1000 on.
      expect(Number(group)).toBeGreaterThan(50_000);
      expect(Number(user)).toBeGreaterThan(0);
      for (const [other, { user: its }] of services)
        if (other !== name) expect(its.split(':')[1], other).not.toBe(group);
    }
  });

  it('has no password, and takes each secret from a file of the setup', () => {
    for (const [name, secret] of Object.entries(stack.secrets))
      expect(secret).toEqual({ file: `\${WARDWATCH_DIR:?see docs/compose.md}/secrets/${name}` });
    const used = services.flatMap(([, { secrets = [] }]) => secrets.map((secret) => secret.source ?? secret));
    expect(new Set(used)).toEqual(new Set(Object.keys(stack.secrets)));
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/password|secret|token|key/i.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
    expect(text).not.toMatch(/admin:admin|changeme|_password: (?!\/run\/secrets\/)/i);
  });

  it('publishes TLS alone, and keeps the database among the services', () => {
    const published = services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name);
    expect(published).toEqual(['mosquitto', 'central', 'grafana']);
    expect(stack.networks.inside.internal).toBe(true);
    expect(stack.services.influxdb.networks).toEqual(['inside']);
    expect(stack.services.grafana.environment.GF_SERVER_PROTOCOL).toBe('https');
  });

  it('mounts files that exist', () => {
    const sources = services
      .flatMap(([, { volumes = [] }]) => volumes)
      .flatMap((mount) => (typeof mount === 'string' && mount.startsWith('./') ? [mount.split(':')[0]] : []))
      .filter((source) => !source.includes('${'));
    for (const source of sources)
      expect(statSync(join(root, source), { throwIfNoEntry: false }), source).toBeDefined();
  });
});

describe('the files of the stack', () => {
  it('set Mosquitto as examples/mosquitto.conf does', () => {
    const settings = (path) =>
      read(path)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => line.split(' '));
    const isPlace = ([name]) => /file$|_location$/.test(name);
    const here = settings('packaging/compose/mosquitto.conf');
    for (const setting of settings('examples/mosquitto.conf'))
      if (!isPlace(setting)) expect(here).toContainEqual(setting);
      else expect(here.map(([name]) => name)).toContain(setting[0]);
  });

  it('give Grafana a source that only reads', () => {
    const { datasources } = parse(read('packaging/grafana/provisioning/datasources/wardwatch.yaml'));
    expect(datasources).toMatchObject([
      {
        uid: 'wardwatch-influx',
        user: 'grafana',
        editable: false,
        jsonData: { dbName: 'wardwatch', version: 'InfluxQL' },
        secureJsonData: { password: '$__file{/run/secrets/influx-grafana-password}' },
      },
      { uid: 'wardwatch-alertmanager', type: 'alertmanager', editable: false },
    ]);
  });

  it('build all images from the same first lines, so that they are built once', () => {
    const folder = join(root, 'packaging/docker');
    const files = readdirSync(folder).filter((name) => name.endsWith('.Dockerfile'));
    const beginnings = files.map(
      (name) => /^FROM [\s\S]*?--release\n/m.exec(readFileSync(join(folder, name), 'utf8'))?.[0],
    );
    expect(files).toHaveLength(3);
    expect(new Set(beginnings).size).toBe(1);
    for (const name of files) {
      const file = readFileSync(join(folder, name), 'utf8');
      for (const [, image] of file.matchAll(/^FROM (node:\S+)/gm))
        expect(image).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
      expect(file).toMatch(/^USER 999:999$/m);
      expect(file).toMatch(/^HEALTHCHECK /m);
    }
  });
});
