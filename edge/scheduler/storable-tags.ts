import type { Sample } from '../../contract/sample.ts';

/** The stores cannot hold these in a tag value: line protocol has no way to write them. */
const NOT_STORABLE = /[\n\r\0]|\\$/;

/** The sample with tag values that the stores can hold: the drive `E:\` is `E:`, and a line break is a blank. Pure. */
export function withStorableTags(sample: Sample): Sample {
  const entries = Object.entries(sample.tags);
  if (!entries.some(([, value]) => NOT_STORABLE.test(value))) return sample;
  const tags = Object.fromEntries(entries.map(([name, value]) => [name, storable(value)]));
  return { ...sample, tags };
}

function storable(value: string): string {
  const line = value.replace(/[\n\r\0]+/g, ' ');
  // Not a pattern: one for the end of a text takes quadratic time.
  let end = line.length;
  while (end > 0 && (line[end - 1] === '\\' || line[end - 1] === ' ')) end--;
  return line.slice(0, end);
}
