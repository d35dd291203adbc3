import type { Sample } from '../../../../contract/sample.ts';
import type { Burst } from '../../../protocols/ping/burst.ts';
import type { CollectorDeps } from '../../collector.ts';
import { createPathCollector, type PathTools } from '../path-collector.ts';
import { pathKind } from '../path.ts';
import type { Hop } from '../route.ts';

const TARGET = '10.9.9.9';
const answered: Burst = { transmitted: 3, received: 3, rttsMs: [20, 22, 21], ttl: 61 };
const lost: Burst = { transmitted: 3, received: 0, rttsMs: [undefined, undefined, undefined] };
const hop = (distance: number, address: string): Hop => ({
  hop: distance,
  addresses: [address],
  rttsMs: [distance + 0.5],
  probes: 2,
  lost: 0,
});
const whole = [hop(1, '10.0.0.1'), hop(2, '10.0.0.2'), hop(3, TARGET)];
const broken: Hop[] = [hop(1, '10.0.0.1'), { ...hop(2, '10.0.0.2'), refusal: 'host unreachable' }];

/** Of a target that answers with its route traced, then breaks, and of one whose name cannot be looked up. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const network = { burst: answered, hops: whole, nowMs: 1_800_000_000_000 };
  const tools: PathTools = {
    icmp: async () => network.burst,
    trace: async () => network.hops,
    addressOf: async (name) => {
      if (name === 'unknown.example.vn') throw new Error('no such name');
      return name;
    },
    ownAddresses: () => [],
  };
  const target = { address: TARGET, target: 'hub-07', device: 'n-1', line: 'l-1', isp: 'i', operator: 'o' };
  const config = pathKind.configSchema.parse({ targets: [target, 'unknown.example.vn'], count: 3 });
  const clock = {
    now: () => network.nowMs,
    monotonicMs: () => network.nowMs,
    sleep: async () => undefined,
  };
  const collector = createPathCollector(config, tools, { ...deps, clock });
  const signal = new AbortController().signal;
  const first = await collector.collect(signal);
  Object.assign(network, { burst: lost, hops: broken, nowMs: network.nowMs + 3_600_000 });
  const second = await collector.collect(signal);
  return [...first.samples, ...second.samples];
}
