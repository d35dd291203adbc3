import { docker, run, until } from './engine.js';
import { SERVICES } from './stack.js';

const FIRST_DATA_MS = 60_000;
const RUNNING = SERVICES.filter((service) => service !== 'influxdb-users');

/** Starts all, and waits until a sample is in InfluxDB, read as a dashboard reads it, and in central's API. */
export async function firstData(stack) {
  const startMs = performance.now();
  await stack.up();
  await until(
    'a sample in the API',
    async () => (await stack.get('/api/v1/latest?measurement=ping&limit=1')).rows.length > 0,
    FIRST_DATA_MS,
  );
  await until(
    'a sample in InfluxDB',
    async () => /^ping$/m.test(await askInflux(stack, 'SHOW MEASUREMENTS')),
    FIRST_DATA_MS,
  );
  const tookMs = performance.now() - startMs;
  if (tookMs > FIRST_DATA_MS) throw new Error(`it took ${Math.round(tookMs / 1_000)} s`);
  const refused = await askInflux(stack, 'DROP DATABASE wardwatch');
  if (!/not authorized|requires admin/i.test(refused))
    throw new Error(`user grafana may drop the database: ${refused}`);
  return `${(tookMs / 1_000).toFixed(1)} s after up`;
}

/** What InfluxDB answers to its user `grafana`. */
async function askInflux(stack, statement) {
  const script = `INFLUX_USERNAME=grafana INFLUX_PASSWORD=$(cat /run/secrets/influx-grafana-password) influx -database wardwatch -execute '${statement}'`;
  return (await run('docker', ['exec', await stack.container('influxdb'), 'sh', '-c', script])).output;
}

export async function healthy(stack, services = RUNNING) {
  for (const service of services)
    await until(`${service} is healthy`, async () => {
      const { Status, Health } = await stack.state(service);
      if (Health?.Status === 'healthy') return true;
      throw new Error(`${Status}, ${Health?.Status}: ${Health?.Log?.at(-1)?.Output ?? ''}`);
    });
  // That of the machine itself.
  await until(
    'the agent of this machine is live',
    async () => (await stack.get('/api/v1/agents/host-1')).phase === 'live',
  );
  await until('its disk is measured', async () => {
    const { rows } = await stack.get('/api/v1/latest?measurement=disk&tag.agent=host-1');
    return rows.some(({ tags }) => tags.path === '/');
  });
}

/** Asks the kernel, in each container. */
export async function rights(stack) {
  for (const service of RUNNING) {
    const container = await stack.container(service);
    const status = await docker('exec', container, 'cat', '/proc/1/status');
    const value = (name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1];
    const found = { uid: value('Uid'), caps: value('CapBnd'), noNewPrivs: value('NoNewPrivs') };
    if (found.uid === '0' || !/^0+$/.test(found.caps ?? '') || found.noNewPrivs !== '1')
      throw new Error(`${service}: ${JSON.stringify(found)}`);
    const { output } = await run('docker', ['exec', container, 'sh', '-c', 'echo x > /new-file']);
    if (!/read-only file system/i.test(output)) throw new Error(`${service} can write its root: ${output}`);
    const log = JSON.parse(await docker('inspect', '--format', '{{json .HostConfig.LogConfig}}', container));
    if (log.Config['max-size'] !== '10m') throw new Error(`${service}: log ${JSON.stringify(log)}`);
  }
  if ((await docker('port', await stack.container('influxdb'))) !== '')
    throw new Error('InfluxDB is published');
}

/** Names of the alerts that Alertmanager has, by its API. */
async function alertsOf(stack) {
  const text = await docker(
    'exec',
    await stack.container('alertmanager'),
    'amtool',
    '--alertmanager.url=http://localhost:9093',
    'alert',
    'query',
    '--output=json',
  );
  return JSON.parse(text).map(({ labels }) => labels.alertname);
}

/** The simulated city is cut off, as by a fault of a network: central must tell, and tell of the end. */
export async function alerts(stack) {
  const isAbout = (name) => ['agent_silent', 'central_hears_nobody'].includes(name);
  await docker('kill', await stack.container('simulator'));
  const names = await until(
    'an alert at Alertmanager',
    async () => (await alertsOf(stack)).filter(isAbout)[0],
    180_000,
  );
  await stack.up('simulator');
  await until('its end at Alertmanager', async () => !(await alertsOf(stack)).some(isAbout), 240_000);
  return names;
}

/** InfluxDB stops answering, and its process stays. */
export async function truth(stack) {
  const influxdb = await stack.container('influxdb');
  await docker('pause', influxdb);
  try {
    const said = await until('central is unhealthy', async () => {
      const { Health } = await stack.state('central');
      return Health.Status === 'unhealthy' && Health.Log.at(-1).Output.trim();
    });
    if (!said.includes('store')) throw new Error(`central says: ${said}`);
    return said.slice(0, 160);
  } finally {
    await docker('unpause', influxdb);
    await healthy(stack, ['central', 'influxdb']);
  }
}

export async function killEach(stack) {
  for (const service of RUNNING) {
    const killedMs = Date.now();
    await docker('kill', await stack.container(service));
    await stack.up();
    await healthy(stack, [service]);
    await until(`new samples after ${service} was killed`, async () => {
      const { rows } = await stack.get('/api/v1/latest?measurement=ping&limit=1000');
      return rows.some(({ timeMs }) => timeMs > killedMs);
    });
  }
}

export async function usage(stack) {
  const containers = [];
  for (const service of RUNNING) containers.push(await stack.container(service));
  const lines = (
    await docker('stats', '--no-stream', '--format', '{{.CPUPerc}} {{.MemUsage}}', ...containers)
  ).split('\n');
  const parts = lines.map((line) => line.split(' '));
  const megabytes = (text) =>
    Number.parseFloat(text) * (text.endsWith('GiB') ? 1_024 : text.endsWith('KiB') ? 1 / 1_024 : 1);
  const each = parts.map(
    ([cpu, memory], index) => `${RUNNING[index]} ${cpu} ${Math.round(megabytes(memory))} MiB`,
  );
  const total = parts.reduce(
    (sum, [cpu, memory]) => ({ cpu: sum.cpu + Number.parseFloat(cpu), mib: sum.mib + megabytes(memory) }),
    { cpu: 0, mib: 0 },
  );
  return `${Math.round(total.cpu)} % of a core, ${Math.round(total.mib)} MiB together (${each.join(', ')})`;
}

/** A new image, the same volume. */
export async function upgrade(stack, version) {
  const before = await stack.get('/api/v1/agents?limit=1000');
  stack.version = version;
  await stack.up('central');
  const image = await docker('inspect', '--format', '{{.Config.Image}}', await stack.container('central'));
  if (image !== `wardwatch-central:${version}`) throw new Error(`central runs ${image}`);
  await healthy(stack, ['central']);
  const after = await stack.get('/api/v1/agents?limit=1000');
  if (after.items.length !== before.items.length)
    throw new Error(`${before.items.length} agents before, ${after.items.length} after`);
}

/** All that every agent ever sent is stored, or still on its way. */
export async function nothingLost(stack) {
  const { items } = await stack.get('/api/v1/ledger?limit=1000');
  const bad = items.filter(
    ({ declaredLost, missing, refusedPoints }) =>
      declaredLost.length > 0 || missing.length > 0 || refusedPoints > 0,
  );
  if (bad.length > 0) throw new Error(JSON.stringify(bad.slice(0, 3)));
  if (items.length === 0) throw new Error('the ledger is empty');
  const points = items.reduce((sum, { storedPoints }) => sum + storedPoints, 0);
  return `${items.length} agents, ${points} points`;
}
