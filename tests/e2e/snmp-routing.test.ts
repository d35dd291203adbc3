import { expect, it } from 'vitest';
import { EngineHarness } from '../../central/alerts/testing/engine-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { liveContext } from '../../central/alerts/testing/batches-and-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { startSnmpAgent } from '../../simulators/devices/snmp/agent.ts';
import { parseRecording } from '../../simulators/devices/snmp/recording.ts';
import { arrive, startPoller } from '../support/snmp-poller.ts';

const BGP_STATE = '1.3.6.1.2.1.15.3.1.2.10.0.0.1';
const OSPF = '1.3.6.1.2.1.14.10.1';

const ROUTER = parseRecording(
  [
    '1.3.6.1.2.1.1.1.0|4|a router',
    '1.3.6.1.2.1.1.3.0|67|8640000',
    `${BGP_STATE}|2|6`,
    '1.3.6.1.2.1.15.3.1.3.10.0.0.1|2|2',
    '1.3.6.1.2.1.15.3.1.16.10.0.0.1|66|3600',
    `${OSPF}.1.10.0.0.2.0|64|10.0.0.2`,
    `${OSPF}.6.10.0.0.2.0|2|8`,
  ].join('\n'),
  'router',
);

it('a BGP peer that leaves “established”, and an OSPF neighbour that leaves the table, are alarms', async () => {
  const clock = new ManualClock();
  const router = await startSnmpAgent({ recording: ROUTER, clock });
  const poller = startPoller({ 'r-1': router.port }, { clock });
  const harness = new EngineHarness();
  try {
    const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
      ({ id }) => id === 'routing_peer_lost',
    );
    const engine = harness.start(rules);
    let seq = 0;
    const firing = async () => {
      await clock.advance(60_000);
      const { samples, errors } = await poller.collect(AbortSignal.timeout(20_000));
      expect(errors).toEqual([]);
      const { batches, refusals } = arrive(samples, clock.now());
      expect(refusals).toEqual([]);
      for (const { tables } of batches) {
        engine.observe({ agent: 'gw-1', epoch: 'epoch001', seq: ++seq, tables }, liveContext(clock.now()));
      }
      return engine
        .active()
        .filter(({ phase }) => phase === 'firing')
        .map(({ entity }) => entity['peer']);
    };
    await firing();
    expect(await firing()).toEqual([]);
    router.state.set(BGP_STATE, 1n);
    router.state.remove(OSPF);
    await firing();
    await firing();
    expect((await firing()).sort()).toEqual(['10.0.0.1', '10.0.0.2']);
    router.state.set(BGP_STATE, 6n);
    for (let minute = 0; minute < 4; minute++) await firing();
    expect(await firing()).toEqual(['10.0.0.2']);
  } finally {
    harness.end();
    await poller.close();
    await router.close();
  }
});
