import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collector } from '../../edge/collectors/collector.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { startSnmpAgent, type SnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { portSwitchRecording, steadyTraffic } from '../../simulators/devices/snmp/port-switch.ts';
import { fieldsBy, startPoller } from '../support/snmp-poller.ts';

const PORTS = 4;
const HC_IN = '1.3.6.1.2.1.31.1.1.1.6';
const NAME = '1.3.6.1.2.1.31.1.1.1.1';
const DISCONTINUITY = '1.3.6.1.2.1.31.1.1.1.19';
const OPER_STATUS = '1.3.6.1.2.1.2.2.1.8';

let clock: ManualClock;
let agent: SnmpAgent;
let poller: Collector;

beforeEach(async () => {
  clock = new ManualClock();
  agent = await startSnmpAgent({ recording: portSwitchRecording(PORTS), motion: steadyTraffic, clock });
  poller = startPoller({ 'sw-1': agent.port }, { clock });
});
afterEach(async () => {
  await poller.close();
  await agent.close();
});

/** Ports by name, as of a poll a minute after the one before. */
async function nextPoll() {
  await clock.advance(60_000);
  const { samples, errors } = await poller.collect(AbortSignal.timeout(20_000));
  expect(errors).toEqual([]);
  return fieldsBy(samples, 'interface', 'interface');
}

const inBps = (ports: Awaited<ReturnType<typeof nextPoll>>) =>
  Array.from({ length: PORTS }, (_unused, at) => ports[`Gi0/${at + 1}`]?.['in_bps']);

describe('a switch on the wire whose counters move', () => {
  it('has rates from the second poll on', async () => {
    expect(inBps(await nextPoll())).toEqual([undefined, undefined, undefined, undefined]);
    const ports = await nextPoll();
    expect(inBps(ports)).toEqual([1e8, 1e8, 1e8, 1e8]);
    expect(ports['Gi0/3']).toMatchObject({
      out_bps: 1e8,
      in_utilization_pct: 10,
      in_pps: 12_500,
      in_errors: 0,
      in_errors_pct: 0,
      in_use: true,
    });
  });

  it('keeps its rate over a wrap of a 64-bit counter', async () => {
    await nextPoll();
    agent.state.set(`${HC_IN}.2`, 2n ** 64n - 5n);
    await nextPoll();
    expect(inBps(await nextPoll())).toEqual([1e8, 1e8, 1e8, 1e8]);
  });

  it('has no rate over a counter that was reset, and again after', async () => {
    await nextPoll();
    await nextPoll();
    agent.state.set(`${HC_IN}.2`, 0n);
    expect(inBps(await nextPoll())).toEqual([1e8, undefined, 1e8, 1e8]);
    expect(inBps(await nextPoll())).toEqual([1e8, 1e8, 1e8, 1e8]);
  });

  it('has no rates over a restart, and again after', async () => {
    await nextPoll();
    await nextPoll();
    agent.state.restart();
    expect(inBps(await nextPoll())).toEqual([undefined, undefined, undefined, undefined]);
    expect(inBps(await nextPoll())).toEqual([1e8, 1e8, 1e8, 1e8]);
  });

  it('has no rate over a discontinuity that it tells of', async () => {
    await nextPoll();
    agent.state.set(`${DISCONTINUITY}.1`, 4_711n);
    expect(inBps(await nextPoll())).toEqual([undefined, 1e8, 1e8, 1e8]);
  });

  it('has no rate that its line cannot carry', async () => {
    await nextPoll();
    await nextPoll();
    agent.state.set(`${HC_IN}.4`, 10n ** 15n);
    expect(inBps(await nextPoll())).toEqual([1e8, 1e8, 1e8, undefined]);
  });

  it('keeps ports apart by name when their indexes change places', async () => {
    await nextPoll();
    agent.state.set(`${NAME}.1`, Buffer.from('Gi0/2'));
    agent.state.set(`${NAME}.2`, Buffer.from('Gi0/1'));
    const ports = await nextPoll();
    expect(inBps(ports)).toEqual([undefined, undefined, 1e8, 1e8]);
    expect(inBps(await nextPoll())).toEqual([1e8, 1e8, 1e8, 1e8]);
  });

  it('misses a port that was up, also after a restart of the switch', async () => {
    await nextPoll();
    agent.state.restart();
    agent.state.set(`${OPER_STATUS}.1`, 2n);
    expect((await nextPoll())['Gi0/1']).toMatchObject({ oper_status: 2, in_use: true });
  });

  it('is read with a handful of requests a column once its size is known', async () => {
    await nextPoll();
    await nextPoll();
    const before = agent.requestCount;
    await nextPoll();
    expect(agent.requestCount - before).toBeLessThanOrEqual(25);
  });
});
