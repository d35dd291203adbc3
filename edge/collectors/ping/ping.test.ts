import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { PingMissingError } from '../../protocols/ping/icmp-probe.ts';
import type { CollectorDeps } from '../collector.ts';
import { icmpOrTcp, pingAll, pingKind } from './ping.ts';

const deps: CollectorDeps = { clock: systemClock, log: silentLogger, commonTags: { host: 'gw-1' } };
const signal = AbortSignal.timeout(9_000);

describe('a run over all targets', () => {
  const configOf = (more: object) =>
    pingKind.configSchema.parse({
      targets: ['10.0.0.1', { address: '10.0.0.2', device: 'n-26734-01' }],
      ...more,
    });

  it('gives a sample for each target, and result code 2 with an error for one that could not be measured', async () => {
    const probe = async (address: string) => {
      if (address === '10.0.0.2') throw new Error('Network is unreachable');
      return { transmitted: 1, received: 1, rttsMs: [7] };
    };
    const { samples, errors } = await pingAll(probe, configOf({}), deps, signal);
    expect(samples).toMatchObject([
      {
        measurement: 'ping',
        tags: { host: 'gw-1', url: '10.0.0.1' },
        fields: { average_response_ms: 7, result_code: 0 },
      },
      { tags: { host: 'gw-1', url: '10.0.0.2', device: 'n-26734-01' }, fields: { result_code: 2 } },
    ]);
    expect(errors.map((error) => error.message)).toEqual(['ping 10.0.0.2: Network is unreachable']);
  });

  it('keeps what is measured when it is aborted, and sends nothing about the rest', async () => {
    const controller = new AbortController();
    const probe = async (address: string) => {
      if (address === '10.0.0.1') return { transmitted: 1, received: 1, rttsMs: [7] };
      controller.abort(new Error('took longer than 30000 ms'));
      throw controller.signal.reason;
    };
    const { samples, errors } = await pingAll(probe, configOf({}), deps, controller.signal);
    expect(samples.map((sample) => sample.tags['url'])).toEqual(['10.0.0.1']);
    expect(errors).toHaveLength(1);
  });

  it('uses TCP without a ping program, but does not take a silent port for a dead host', async () => {
    let icmpTries = 0;
    const probe = icmpOrTcp({
      icmp: async () => {
        icmpTries++;
        throw new PingMissingError('ping cannot be run: ENOENT');
      },
      tcp: async (address) => ({
        transmitted: 1,
        received: address === '10.0.0.1' ? 1 : 0,
        rttsMs: [address === '10.0.0.1' ? 3 : undefined],
      }),
      config: configOf({ port: 443 }),
      deps,
    });
    for (let run = 0; run < 2; run++) {
      const { samples, errors } = await pingAll(probe, configOf({ port: 443 }), deps, signal);
      expect(samples.map((sample) => sample.fields['result_code'])).toEqual([0, 2]);
      expect(samples[1]?.fields).not.toHaveProperty('percent_packet_loss');
      expect(errors[0]?.message).toBe('ping 10.0.0.2: no ping program, and TCP port 443 does not answer');
    }
    expect(icmpTries).toBe(2); // both targets of the first run, none of the second
  });

  it('knows how long a run takes at the longest', () => {
    const targets = Array.from({ length: 65 }, (_unused, index) => `10.0.1.${index}`);
    expect(pingKind.minimumIntervalMs?.(configOf({ targets }))).toBe(2 * 5_000);
  });
});
