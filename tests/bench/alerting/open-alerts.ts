import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { UnrulyReceiver } from '../../../central/notify/testing/unruly-receiver.ts';
import { freePort } from '../../support/free-port.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { latencyBetween, readBuckets, type AlertLatency } from '../pipeline/alert-latency.ts';
import { startCentral, type CentralProcess } from '../pipeline/central-process.ts';
import { usageOf } from '../process-usage.ts';
import { sleep, until } from '../sleep.ts';
import { beatLinesFor, Gateways } from './gateways.ts';
import { BEAT_GATEWAY, LINE_RULES, lineOf, linesCity, OPEN_ALERTS, TOLD_RULES } from './lines-city.ts';
import { compareRecords, readAlertRecord, type Differences } from './record.ts';
import { toldIn, unheardIn, type Told, type Unheard } from './told.ts';

const OPEN_LIMIT_S = 60;
/** Rules over states, parent windows and messages have all had their time. */
const SETTLING_S = 75;
/** Each agent has sent three times, and nothing that is owed waits any more. */
const AFTER_RESTART_S = 45;
const LIST_EVERY_MS = 1_000;
const POLL_MS = 10;
const JUDGE_LIMIT_S = 60;

export interface OpenAlertsFigures {
  readonly open: number;
  /** Nobody is told of them. */
  readonly suppressed: number;
  /** Of one core, while nothing happens and each is sent again every 10 s. */
  readonly quietCpuRatio: number;
  /** The same with alerts that begin and end. */
  readonly busyCpuRatio: number;
  readonly transitions: AlertLatency;
  /** CPU of central beyond that of the quiet time, by transitions. */
  readonly cpuMsPerTransition: number;
  readonly slowestListMs: number;
  readonly recovery: Recovery;
}

interface Recovery {
  /** Open when it was killed. */
  readonly incidents: number;
  /** From exec until the API answers, and until an alert that begins after it is on disk. */
  readonly answersAfterS: number;
  readonly judgesAfterS: number;
  readonly differences: Differences;
  readonly told: Told;
  /** Alerts on disk that had to be told. */
  readonly toTell: number;
  readonly unheard: Unheard;
}

/** A real central with all shipped rules and a webhook, and 5,000 alerts that stay open. */
export async function measureOpenAlerts(dist: string, seconds: number): Promise<OpenAlertsFigures> {
  const { inventory, gateways: names } = linesCity(beatLinesFor(seconds + AFTER_RESTART_S));
  const scratch = temporaryDirectory('bench-alerting');
  const disposals: (() => Promise<void> | void)[] = [() => scratch.remove()];
  try {
    const receiver = await UnrulyReceiver.start();
    disposals.push(() => receiver.stop());
    const notify = join(scratch.path, 'notify');
    mkdirSync(notify);
    const routes = [{ name: 'lines', rules: TOLD_RULES, channels: ['noc'] }];
    writeFileSync(join(notify, 'noc.yaml'), JSON.stringify({ kind: 'webhook', url: receiver.url }));
    writeFileSync(join(notify, 'routes.yaml'), JSON.stringify({ routes }));
    const brokerPort = await freePort();
    const central = await startCentral({
      ...{ dist, directory: scratch.path, broker: 'embedded', brokerPort, agents: names },
      ...{ rules: LINE_RULES, inventory },
      settings: { notify: { directory: notify, allowTargets: ['127.0.0.1'] } },
    });
    disposals.push(() => central.stop());
    const gateways = new Gateways(`mqtt://127.0.0.1:${brokerPort}`, names);
    disposals.push(() => gateways.disconnect());
    await gateways.connect();
    await until(`${OPEN_ALERTS} alerts are open`, OPEN_LIMIT_S, async () => {
      return sumOf(await central.metrics(), 'wardwatch_alerts_active') >= OPEN_ALERTS;
    });
    await sleep(SETTLING_S);
    const quiet = await cpuDuring(central, () => sleep(seconds));
    const before = readBuckets(await central.metrics());
    gateways.startBeat();
    let slowestListMs = 0;
    const busy = await cpuDuring(central, async () => {
      const untilMs = performance.now() + seconds * 1_000;
      while (performance.now() < untilMs) {
        slowestListMs = Math.max(slowestListMs, await listMs(central));
        await sleepMs(LIST_EVERY_MS);
      }
    });
    const metrics = await central.metrics();
    const transitions = latencyBetween(before, readBuckets(metrics));
    const extraS = busy.cpuS - quiet.cpuRatio * busy.elapsedS;
    return {
      open: sumOf(metrics, 'wardwatch_alerts_active'),
      suppressed: sumOf(metrics, 'wardwatch_alerts_held'),
      quietCpuRatio: quiet.cpuRatio,
      busyCpuRatio: busy.cpuRatio,
      transitions,
      cpuMsPerTransition: (extraS * 1_000) / transitions.transitions,
      slowestListMs,
      recovery: await recover(central, gateways, receiver, join(scratch.path, 'central')),
    };
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

/** Killed while alerts begin and end. */
async function recover(
  central: CentralProcess,
  gateways: Gateways,
  receiver: UnrulyReceiver,
  dataDirectory: string,
): Promise<Recovery> {
  await central.kill();
  gateways.disconnect();
  const before = readAlertRecord(dataDirectory);
  const beganMs = performance.now();
  const secondsSince = (): number => (performance.now() - beganMs) / 1_000;
  const answers = central.restart().then(secondsSince);
  await gateways.connect();
  const answersAfterS = await answers;
  const line = lineOf(BEAT_GATEWAY, gateways.beatOnce());
  const judgesAfterS = await untilFired(central, line).then(secondsSince);
  gateways.startBeat();
  await sleep(AFTER_RESTART_S);
  gateways.stopBeat();
  await sleep(SETTLING_S);
  await central.kill();
  const after = readAlertRecord(dataDirectory);
  return {
    incidents: before.incidents,
    answersAfterS,
    judgesAfterS,
    differences: compareRecords(before, after),
    told: toldIn(receiver.received),
    toTell: after.toTell.length,
    unheard: unheardIn(receiver.received, after.toTell),
  };
}

async function cpuDuring(
  { pid }: CentralProcess,
  work: () => Promise<void>,
): Promise<{ readonly cpuS: number; readonly elapsedS: number; readonly cpuRatio: number }> {
  const [beganMs, before] = [performance.now(), usageOf(pid).cpuS];
  await work();
  const elapsedS = (performance.now() - beganMs) / 1_000;
  const cpuS = usageOf(pid).cpuS - before;
  return { cpuS, elapsedS, cpuRatio: cpuS / elapsedS };
}

async function listMs(central: CentralProcess): Promise<number> {
  const beganMs = performance.now();
  await central.get('/api/v1/alerts?state=active&limit=100');
  return performance.now() - beganMs;
}

async function untilFired(central: CentralProcess, device: string): Promise<void> {
  const deadlineMs = performance.now() + JUDGE_LIMIT_S * 1_000;
  for (;;) {
    const { items } = JSON.parse(await central.get(`/api/v1/alerts?device=${device}&limit=1`)) as {
      items: readonly unknown[];
    };
    if (items.length > 0) return;
    if (performance.now() > deadlineMs)
      throw new Error(`not within ${JUDGE_LIMIT_S} s: an alert of ${device}`);
    await sleepMs(POLL_MS);
  }
}

/** Of all labels. */
function sumOf(metrics: string, name: string): number {
  const values = metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'));
  return [...values].reduce((sum, [, value]) => sum + Number(value), 0);
}
