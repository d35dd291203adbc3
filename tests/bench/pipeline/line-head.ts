import { sampleLine } from '../../../contract/encode-line-protocol.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { Sample } from '../../../contract/sample.ts';

/** A line of line protocol without its time, with the tag `agent` and the types of what central stores. */
export function lineHead(agent: string, sample: Sample): string {
  const line = sampleLine({ ...sample, tags: { ...sample.tags, agent } }, CATALOGUE);
  return line.slice(0, line.lastIndexOf(' '));
}
