import { z } from 'zod';
import { loadConfig } from '../runtime/config.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient, type CentralClient } from './central-client.ts';
import { print, terminalJson, terminalText } from './terminal.ts';

export interface RolloutOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly file?: string;
  readonly patch?: string;
  readonly agents?: string;
  readonly units?: string;
  readonly sites?: string;
  readonly all?: true;
  readonly reason?: string;
  /** ms. */
  readonly watch?: number;
  readonly leastShare?: number;
  readonly rollBackOnStop?: true;
  readonly preview?: true;
  readonly pause?: true;
  readonly resume?: true;
  readonly cancel?: true;
  readonly rollback?: true;
  readonly json?: true;
}

const rolloutSchema = z.object({
  id: z.int(),
  state: z.string(),
  reason: z.string(),
  agents: z.int(),
  stage: z.int(),
  stages: z.array(z.int()),
  stopReasons: z.array(z.string()),
  counts: z.record(z.string(), z.int()),
});
type Rollout = z.infer<typeof rolloutSchema>;

const previewSchema = z.object({
  agents: z.int(),
  stages: z.array(z.int()),
  groups: z.array(
    z.object({ agents: z.array(z.string()), diff: z.array(z.string()), problems: z.array(z.string()) }),
  ),
  unchanged: z.array(z.string()),
  silent: z.array(z.string()),
});
type Preview = z.infer<typeof previewSchema>;

const VERBS = ['pause', 'resume', 'cancel', 'rollback'] as const;

/** What only counts for a roll-out that is begun. */
const BEGINNING = [
  ...(['agents', 'units', 'sites', 'all', 'reason', 'watch'] as const),
  ...(['leastShare', 'rollBackOnStop', 'preview'] as const),
];

/** With `id`, shows or handles that roll-out; with a file, previews or begins one; else lists them. */
export async function runRollout(
  id: number | undefined,
  options: RolloutOptions,
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  try {
    await answer(client, id, options);
  } catch (error) {
    if (!(error instanceof CentralRefusal)) throw error;
    throw new UserError(error.status === 422 ? EXIT.badConfig : EXIT.failure, error.problems, error);
  }
}

async function answer(client: CentralClient, id: number | undefined, options: RolloutOptions): Promise<void> {
  const verb = VERBS.find((each) => options[each] === true);
  const change = changeOf(options);
  if (id !== undefined && change === undefined) {
    const rollout =
      verb === undefined
        ? await client.call('GET', `/rollouts/${id}`, rolloutSchema)
        : await client.call('POST', `/rollouts/${id}/${verb}`, rolloutSchema);
    show(rollout, options);
    return;
  }
  if (id !== undefined || verb !== undefined)
    throw badUse(
      'expected either a number with at most one of --pause, --resume, --cancel, --rollback, or a file',
    );
  if (change === undefined) {
    if (BEGINNING.some((each) => options[each] !== undefined))
      throw badUse('expected --file or --patch: what changes');
    const list = z.object({ items: z.array(rolloutSchema) });
    const { items } = await client.call('GET', '/rollouts?limit=50', list);
    for (const rollout of items) show(rollout, options);
    return;
  }
  const asked = { select: selectionOf(options), change };
  if (options.preview === true) {
    const preview = await client.call('POST', '/rollout-previews', previewSchema, asked);
    print(options.json === true ? terminalJson(preview) : linesOf(preview));
    if (preview.groups.some(({ problems }) => problems.length > 0))
      throw new UserError(EXIT.badConfig, ['the config has problems: a roll-out would not begin']);
    return;
  }
  if (options.reason === undefined) throw badUse('--reason: expected why, for those who come after');
  const settings = {
    ...(options.watch !== undefined && { watchMs: options.watch }),
    ...(options.leastShare !== undefined && { leastShare: options.leastShare / 100 }),
    ...(options.rollBackOnStop === true && { onStop: 'roll_back' }),
  };
  const body = { ...asked, reason: options.reason, settings };
  show(await client.call('POST', '/rollouts', rolloutSchema, body), options);
}

function changeOf({ file, patch }: RolloutOptions): object | undefined {
  if (file !== undefined) return { config: loadConfig(file, z.unknown()) };
  return patch === undefined ? undefined : { patch: loadConfig(patch, z.unknown()) };
}

function selectionOf({ agents, units, sites, all }: RolloutOptions): object {
  const selection = {
    ...(agents !== undefined && { ids: namesIn(agents) }),
    ...(units !== undefined && { units: namesIn(units) }),
    ...(sites !== undefined && { sites: namesIn(sites) }),
    ...(all === true && { all }),
  };
  if (Object.keys(selection).length === 0)
    throw badUse('expected --agents, --units, --sites or --all: whose config changes');
  return selection;
}

function namesIn(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

function badUse(problem: string): UserError {
  return new UserError(EXIT.badConfig, [`agents rollout: ${problem}`]);
}

function show(rollout: Rollout, { json }: RolloutOptions): void {
  if (json === true) {
    print(terminalJson(rollout));
    return;
  }
  const { id, state, stage, stages, agents, counts, reason, stopReasons } = rollout;
  const { applied = 0 } = counts;
  print(
    `roll-out ${id}: ${state}, stage ${stage + 1} of ${stages.length}, ${applied} of ${agents} agents run it: ${terminalText(reason)}\n`,
  );
  for (const each of stopReasons) print(`  ${terminalText(each)}\n`);
}

function linesOf({ agents, stages, groups, unchanged, silent }: Preview): string {
  const lines = [`${agents} agents would change, in stages of ${stages.join(', ')}`];
  if (unchanged.length > 0) lines.push(`${unchanged.length} have it already`);
  if (silent.length > 0) lines.push(`${silent.length} are silent, and come last`);
  for (const group of groups) {
    const [first = '', ...rest] = group.agents;
    lines.push(rest.length === 0 ? `${first}:` : `${first} and ${rest.length} more:`);
    lines.push(
      ...[...group.problems.map((problem) => `! ${problem}`), ...group.diff].map((each) => `  ${each}`),
    );
  }
  return lines.map((line) => `${terminalText(line)}\n`).join('');
}
