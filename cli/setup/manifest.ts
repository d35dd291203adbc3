import { z } from 'zod';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { checkConfig, parseConfigText } from '../../runtime/config.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { USES, type SetupChoice } from './choice.ts';

const hostSchema = z.strictObject({ type: z.enum(['dns', 'ip']), value: z.string().min(1).max(253) });
export const MAX_AGENTS = 10_000;
export const MAX_UNITS = 168;

/** `setup.json`: what setup made. It is written last, so a folder without it is not whole. Nothing in it is secret. */
const manifestSchema = z.strictObject({
  wardwatch: z.string().max(64),
  madeAt: z.iso.datetime(),
  for: z.enum(USES),
  hosts: z.array(hostSchema).min(1).max(100),
  agents: z.array(z.string().regex(AGENT_ID_PATTERN, AGENT_ID_EXPECTED)).max(MAX_AGENTS),
  demoUnits: z.int().min(0).max(MAX_UNITS),
});
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;

/** Throws a UserError (exit 4) that names the file. */
export function parseManifest(file: string, text: string): Manifest {
  try {
    return checkConfig(file, parseConfigText(file, text), manifestSchema);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(EXIT.dataDirectory, error.problems, error);
  }
}

export function choiceOf(manifest: Manifest): SetupChoice {
  return {
    use: manifest.for,
    hosts: manifest.hosts,
    agents: manifest.agents,
    demoUnits: manifest.demoUnits,
  };
}
