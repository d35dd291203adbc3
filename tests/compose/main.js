// `npm run test:compose [-- --stand-ins] [--units N] [--if-available]`: runs docker-compose.yml on a real Docker engine as docs/compose.md
// says, all but Grafana, in turn and never side by side, and leaves nothing behind. Needs the engine that DOCKER_HOST names and a built dist/.
// --stand-ins: makes Mosquitto, InfluxDB and Alertmanager of Debian's packages where their images are not here, from debian:bookworm-slim;
// that proves how the parts work together, not those images. --if-available: exit 0 and one line where there is no engine or no image.
import { parseArgs } from 'node:util';
import { badFiles, oldVolumes } from './bad-cases.js';
import { docker, engineProblem, imageExists, run } from './engine.js';
import { buildImages, buildStandIns, buildUpgrade, missingImage, nodeImage, removeImages } from './images.js';
import { createStack, makeFiles } from './stack.js';
import { alerts, firstData, healthy, killEach, nothingLost, rights, truth, upgrade, usage } from './life.js';

const { values: options } = parseArgs({
  options: {
    'if-available': { type: 'boolean', default: false },
    'stand-ins': { type: 'boolean', default: false },
    units: { type: 'string', default: '2' },
  },
});
const units = Number(options.units);
const [FIRST, NEXT] = ['test', 'test-next'];

const problem = engineProblem() ?? (await imageProblem());
if (problem !== undefined) {
  console.log(
    `The compose test does not run: ${problem}. It needs a Docker engine 20.10 or newer with compose 1.29 or newer.`,
  );
  process.exitCode = options['if-available'] ? 0 : 1;
} else await testStack();

async function imageProblem() {
  if (options['stand-ins']) {
    for (const image of ['debian:bookworm-slim', nodeImage()])
      if (!(await imageExists(image)) && (await run('docker', ['pull', '--quiet', image])).code !== 0)
        return `image ${image} cannot be pulled`;
    return undefined;
  }
  const image = await missingImage();
  return image === undefined ? undefined : `image ${image} is not here and cannot be pulled (--stand-ins)`;
}

async function testStack() {
  const left = await leftOvers();
  const stack = await createStack({ units, version: FIRST });
  // A signal ends the step that runs; what was made is removed all the same.
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => ended.abort(new Error(`ended by ${signal}`)));
  const step = async (what, work) => {
    ended.signal.throwIfAborted();
    const startMs = performance.now();
    const found = await work();
    console.log(
      `ok  ${what}${found === undefined ? '' : `: ${found}`} (${((performance.now() - startMs) / 1_000).toFixed(1)} s)`,
    );
  };
  try {
    if (options['stand-ins']) await step('stand-ins of Debian’s packages', buildStandIns);
    await step('images, weight above their base', async () => (await buildImages(FIRST)).join(', '));
    await step('files made by wardwatch setup', () => makeFiles(stack, stack.city, { units }));
    for (const [what, work] of badFiles(stack)) await step(what, work);
    await step('first data within 60 s', () => firstData(stack));
    await step('all are healthy', () => healthy(stack));
    await step('no rights, nothing but its volume can be written', () => rights(stack));
    await step('an alert reaches Alertmanager, and ends there', () => alerts(stack));
    await step('a health check tells what is away', () => truth(stack));
    await step('each is killed and starts again', () => killEach(stack));
    await step('memory and processor', () => usage(stack));
    await step('central is upgraded in place', async () => {
      await buildUpgrade(FIRST, NEXT);
      await upgrade(stack, NEXT);
    });
    await step('every batch was stored', () => nothingLost(stack));
    for (const [what, work] of oldVolumes(stack, { units })) await step(what, work);
  } catch (error) {
    console.log(`FAILED: ${error.message}`);
    process.exitCode = 1;
    await printLogs(stack);
  } finally {
    await stack.remove();
    await removeImages(FIRST, NEXT);
  }
  const now = await leftOvers();
  const more = now.filter((name) => !left.includes(name));
  if (more.length > 0) {
    console.log(`FAILED: left behind: ${more.join(', ')}`);
    process.exitCode = 1;
  } else console.log('ok  nothing is left behind');
}

/** Names of all containers, volumes, networks and images of ours. */
async function leftOvers() {
  const lists = [
    ['ps', '--all', '--format', 'container {{.Names}}'],
    ['volume', 'ls', '--format', 'volume {{.Name}}'],
    ['network', 'ls', '--format', 'network {{.Name}}'],
    ['image', 'ls', '--format', 'image {{.Repository}}:{{.Tag}}', '--filter', 'reference=wardwatch-*'],
  ];
  const texts = [];
  for (const list of lists) texts.push(await docker(...list));
  return texts.flatMap((text) => text.split('\n')).filter((name) => name !== '');
}

async function printLogs(stack) {
  const { output } = await stack.tryCompose('logs', '--no-color', '--tail=15');
  console.log(output);
}
