import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { docker, imageBytes, imageExists, must, root, run } from './engine.js';

const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
/** MB that the layers above the base image may weigh. */
const LIMITS_MB = { central: 170, edge: 60, simulator: 60 };
/** Made of Debian's packages where the real ones cannot be pulled (tests/compose/stand-ins). */
const STAND_INS = ['mosquitto', 'influxdb', 'alertmanager'];

const imageOf = (service) => compose.services[service].image;

/** The images that the test starts from: of others, and the base of ours. */
export function foreignImages() {
  return [nodeImage(), ...STAND_INS.map(imageOf)];
}

export function nodeImage() {
  const text = readFileSync(join(root, 'packaging/docker/central.Dockerfile'), 'utf8');
  return /^FROM (\S+)/m.exec(text)[1];
}

/** The first image that is not here and cannot be pulled; undefined: all are here now. */
export async function missingImage() {
  for (const image of foreignImages())
    if (!(await imageExists(image)) && (await run('docker', ['pull', '--quiet', image])).code !== 0)
      return image;
  return undefined;
}

/** Under the names of the real images, from debian:bookworm-slim, which must be here. */
export async function buildStandIns() {
  for (const service of STAND_INS) {
    if (await imageExists(imageOf(service))) continue;
    const folder = join(root, 'tests/compose/stand-ins');
    await must('docker', [
      'build',
      '--network',
      'host',
      '--tag',
      imageOf(service),
      '--file',
      join(folder, `${service}.Dockerfile`),
      folder,
    ]);
  }
}

/** Builds ours and resolves to lines with what each weighs. Throws where one weighs more than it may. */
export async function buildImages(version) {
  const base = await imageBytes(nodeImage());
  const lines = [];
  for (const [name, limitMb] of Object.entries(LIMITS_MB)) {
    const tag = `wardwatch-${name}:${version}`;
    await must('docker', [
      'build',
      '--network',
      'host',
      '--tag',
      tag,
      '--file',
      `packaging/docker/${name}.Dockerfile`,
      '.',
    ]);
    const megabytes = Math.ceil(((await imageBytes(tag)) - base) / 1_000_000);
    if (megabytes > limitMb)
      throw new Error(`${tag} weighs ${megabytes} MB above its base, at most ${limitMb} are allowed`);
    lines.push(`${name} ${megabytes} MB`);
  }
  return lines;
}

/** Another image of the same program, as an upgrade would bring it. */
export async function buildUpgrade(from, to) {
  for (const name of Object.keys(LIMITS_MB))
    await docker('tag', `wardwatch-${name}:${from}`, `wardwatch-${name}:${to}`);
  const container = await docker('create', `wardwatch-central:${from}`);
  try {
    await docker('commit', '--change', `LABEL wardwatch.test=${to}`, container, `wardwatch-central:${to}`);
  } finally {
    await docker('rm', '--volumes', container);
  }
}

export async function removeImages(...versions) {
  for (const version of versions)
    for (const name of Object.keys(LIMITS_MB))
      await run('docker', ['image', 'rm', '--force', `wardwatch-${name}:${version}`]);
}
