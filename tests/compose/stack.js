import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeProgram, docker, must, run } from './engine.js';

/** All but Grafana, of which no stand-in can be made. */
export const SERVICES = [
  'mosquitto',
  'influxdb',
  'influxdb-users',
  'central',
  'alertmanager',
  'simulator',
  'edge',
];
const PROFILES = ['--profile', 'demo', '--profile', 'edge'];

/** A stack of its own: files, ports, names. `remove()` leaves nothing. */
export async function createStack({ units, version }) {
  const directory = mkdtempSync(join(tmpdir(), 'wardwatch-compose-'));
  const project = `wardwatch-test-${process.pid}`;
  const [broker, api] = [await freePort(), await freePort()];
  const city = join(directory, 'city');
  const stack = {
    ...{ directory, city, project, ports: { broker, api }, version },
    env: () => ({
      ...{ COMPOSE_PROJECT_NAME: project, WARDWATCH_VERSION: stack.version, WARDWATCH_ADDRESS: '127.0.0.1' },
      ...{
        WARDWATCH_BROKER_PORT: `${broker}`,
        WARDWATCH_API_PORT: `${api}`,
        WARDWATCH_DEMO_UNITS: `${units}`,
      },
    }),
    /** Resolves to `{ code, output }`. */
    tryCompose: (...args) => {
      const [program, ...first] = composeProgram();
      return run(program, [...first, '--env-file', join(stack.city, '.env'), ...PROFILES, ...args], {
        env: stack.env(),
      });
    },
    compose: async (...args) => {
      const { code, output } = await stack.tryCompose(...args);
      if (code !== 0) throw new Error(`compose ${args.join(' ')}: exit ${code}\n${output}`);
      return output.trim();
    },
    up: (...services) =>
      stack.compose('up', '--detach', '--no-build', ...(services.length > 0 ? services : SERVICES)),
    container: async (service) => {
      const id = await docker(
        'ps',
        '--all',
        '--quiet',
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        `label=com.docker.compose.service=${service}`,
      );
      if (id === '') throw new Error(`${service} has no container`);
      return id.split('\n')[0];
    },
    state: async (service) =>
      JSON.parse(await docker('inspect', '--format', '{{json .State}}', await stack.container(service))),
    logs: async (service) => (await run('docker', ['logs', await stack.container(service)])).output,
    /** GET of central's API, with the token that the setup made. */
    get: (path) =>
      getJson({ port: api, path, token: stack.token(), ca: readFileSync(join(city, 'secrets/ca.crt')) }),
    token: () => readFileSync(join(city, 'secrets/first-token'), 'utf8').trim(),
    remove: async () => {
      await stack.tryCompose('down', '--volumes', '--timeout', '20', '--remove-orphans');
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return stack;
}

/** Makes the files as a user does, and gives the agent this stack's port. */
export async function makeFiles(stack, directory = stack.city, { units }) {
  const args = [
    'bin/wardwatch.js',
    'setup',
    directory,
    '--for',
    'compose',
    '--host',
    'localhost',
    '--demo-units',
    `${units}`,
  ];
  await must(process.execPath, args);
  const file = join(directory, 'edge/edge.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('mqtts://localhost:8883', `mqtts://localhost:${stack.ports.broker}`),
  );
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function getJson({ port, path, token, ca }) {
  const options = {
    host: 'localhost',
    port,
    path,
    ca,
    timeout: 10_000,
    headers: { authorization: `Bearer ${token}` },
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${path}: status ${response.statusCode}: ${text.slice(0, 200)}`));
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`${path}: no answer`)));
    asked.on('error', reject);
    asked.end();
  });
}
