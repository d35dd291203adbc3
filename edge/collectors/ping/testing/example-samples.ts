import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { pingAll, pingKind } from '../ping.ts';

/** Of targets that answered, were silent and failed. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const probe = async (address: string) => {
    if (address === 'failed') throw new Error('no such name');
    const rttsMs = address === 'answered' ? [1.5, 3, 2] : [undefined, undefined, undefined];
    const received = rttsMs.filter((rtt) => rtt !== undefined).length;
    return { transmitted: 3, received, rttsMs, ttl: 63 };
  };
  const targets = ['answered', 'silent', { address: 'failed', device: 'n-26734-01' }];
  const config = pingKind.configSchema.parse({ targets });
  return (await pingAll(probe, config, deps, new AbortController().signal)).samples;
}
