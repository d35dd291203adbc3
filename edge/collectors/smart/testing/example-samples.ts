import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { collectDisks } from '../smart.ts';

const recordings = join(import.meta.dirname, '../testdata');

/** Of every recorded disk. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const files = readdirSync(recordings).filter((file) => file.endsWith('.json'));
  const answers = files.map((name) => ({
    name,
    text: readFileSync(join(recordings, name), 'utf8'),
    readAtMs: deps.clock.now(),
  }));
  const source = { answers: async () => answers };
  return (await collectDisks(source, { ignore: [] }, deps, new AbortController().signal)).samples;
}
