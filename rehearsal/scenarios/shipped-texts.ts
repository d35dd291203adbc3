import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ENDING = '.yaml';

/** The files of a directory that end in `.yaml`, by their names without that. */
export function yamlTexts(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory).filter((file) => file.endsWith(ENDING));
  return new Map(
    files.map((file) => [file.slice(0, -ENDING.length), readFileSync(join(directory, file), 'utf8')]),
  );
}
