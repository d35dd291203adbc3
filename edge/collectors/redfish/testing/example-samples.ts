import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { readServer } from '../read-server.ts';
import { serverSamples } from '../samples.ts';
import { NEWER, OLDER } from './redfish-server.ts';

/** Of a server with the older resources, and one with a resource for each sensor. */
export async function exampleSamples({ clock, commonTags }: CollectorDeps): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const [at, resources] of [OLDER, NEWER].entries()) {
    const readings = await readServer({
      get: async (path, schema) => schema.parse(resources[path]),
    });
    const context = {
      device: `server-${at + 1}`,
      address: `10.26.7.${at + 1}`,
      commonTags,
      timeMs: clock.now(),
    };
    samples.push(...serverSamples(readings, context));
  }
  return samples;
}
