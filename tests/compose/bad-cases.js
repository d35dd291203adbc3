import { chmodSync, renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { composeProgram, docker, run, until } from './engine.js';
import { makeFiles } from './stack.js';

/** What goes wrong before anything runs: each must say so in one line that names the place. */
export function badFiles(stack) {
  return [
    ['without files of a setup, one line names the guide', withoutFiles],
    ['a missing secret is named', () => missingSecret(stack)],
    ['a secret that cannot be read is named', () => closedSecret(stack)],
    ['a port in use is named', () => portInUse(stack)],
  ];
}

/** Volumes that do not fit: they need a stack that has run. */
export function oldVolumes(stack, { units }) {
  return [
    ['a volume of a newer version is refused, by its version', () => newerVolume(stack)],
    ['a volume of another setup is refused', () => volumeOfAnotherSetup(stack, { units })],
  ];
}

/** The one line of `output` that fits; throws where there is none. */
function lineOf(output, pattern) {
  const line = output.split('\n').find((each) => pattern.test(each));
  if (line === undefined) throw new Error(`no line fits ${pattern}:\n${output}`);
  return line.trim().slice(-300);
}

async function withoutFiles() {
  const [program, ...first] = composeProgram();
  const { output } = await run(program, [...first, 'config', '--quiet'], {
    env: { WARDWATCH_DIR: '', WARDWATCH_GID: '' },
  });
  return lineOf(output, /WARDWATCH_(DIR|GID).*docs\/compose\.md/);
}

async function missingSecret(stack) {
  const file = join(stack.city, 'secrets/influx-grafana-password');
  renameSync(file, `${file}.away`);
  try {
    const { code, output } = await stack.tryCompose('up', '--detach', '--no-build', 'influxdb');
    if (code === 0) throw new Error(`it started without ${file}`);
    return lineOf(output, /influx-grafana-password/);
  } finally {
    renameSync(`${file}.away`, file);
    await stack.tryCompose('rm', '--force', '--stop', '-v');
  }
}

async function closedSecret(stack) {
  const file = join(stack.city, 'secrets/central-mqtt-password');
  chmodSync(file, 0o600);
  try {
    const check = [
      'run',
      '--rm',
      '--no-deps',
      '-T',
      'central',
      'central',
      '--config',
      '/etc/wardwatch/central.yaml',
      '--check',
    ];
    const { code, output } = await stack.tryCompose(...check);
    if (code !== 2) throw new Error(`expected exit 2, got ${code}:\n${output}`);
    return lineOf(output, /central-mqtt-password cannot be read: EACCES/);
  } finally {
    chmodSync(file, 0o640);
  }
}

async function portInUse(stack) {
  const holder = createServer();
  await new Promise((resolve) => holder.listen(stack.ports.broker, '127.0.0.1', resolve));
  try {
    const { code, output } = await stack.tryCompose('up', '--detach', '--no-build', 'mosquitto');
    if (code === 0) throw new Error('it started on a port in use');
    return lineOf(output, new RegExp(`${stack.ports.broker}.*(in use|allocated)`));
  } finally {
    await new Promise((resolve) => holder.close(resolve));
    await stack.tryCompose('rm', '--force', '--stop', '-v');
  }
}

const MARK_AS_NEWER = `
  const { createRequire } = require('node:module');
  const Database = createRequire('/usr/lib/wardwatch/')('libsql');
  const database = new Database('/var/lib/wardwatch/state.db');
  const { owner } = database.prepare('SELECT owner FROM migration LIMIT 1').get([]);
  database.prepare('INSERT INTO migration (owner, step) VALUES (?, ?)').run([owner, 999]);
  database.prepare('UPDATE program SET version = ?').run(['9.9.9']);
  database.close();
`;

async function newerVolume(stack) {
  await stack.compose('stop', 'central');
  const volume = `${stack.project}_central:/var/lib/wardwatch`;
  await docker(
    'run',
    '--rm',
    '--volume',
    volume,
    '--entrypoint',
    'node',
    `wardwatch-central:${stack.version}`,
    '-e',
    MARK_AS_NEWER,
  );
  await stack.compose('up', '--detach', '--no-build', 'central');
  return until('central refuses the volume', async () =>
    lineOf(await stack.logs('central'), /state\.db: written by wardwatch 9\.9\.9/),
  );
}

async function volumeOfAnotherSetup(stack, { units }) {
  await stack.compose('stop');
  const city = join(stack.directory, 'another-city');
  await makeFiles(stack, city, { units });
  const before = stack.city;
  stack.city = city;
  try {
    await stack.tryCompose('up', '--detach', '--no-build', 'influxdb-users');
    return await until('the users of another setup are refused', async () =>
      lineOf(await stack.logs('influxdb-users'), /its volume is of another setup/),
    );
  } finally {
    stack.city = before;
  }
}
