import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { z } from 'zod';
import { configStandingSchema, type ConfigState } from '../central/agent-config/standing.ts';
import { loadConfig } from '../runtime/config.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient, type CentralClient } from './central-client.ts';
import { print, terminalJson, terminalText } from './terminal.ts';

export interface AgentConfigOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly file?: string;
  readonly rollback?: number;
  readonly remove?: true;
  readonly expect?: number;
  /** ms. */
  readonly wait?: number;
  readonly json?: true;
}

const standingSchema = z.object({ agent: z.string(), ...configStandingSchema.shape });
type Standing = z.infer<typeof standingSchema>;

const shownSchema = standingSchema.extend({
  config: z.unknown().optional(),
  history: z.array(
    z.object({
      revision: z.int(),
      atMs: z.number(),
      actor: z.string(),
      restoredFrom: z.int().optional(),
      ownFile: z.boolean(),
    }),
  ),
});
type Shown = z.infer<typeof shownSchema>;

const POLL_MS = 1_000;

/** Handles several agents one by one; a change stops at the first agent that does not accept it. */
export async function runAgentConfig(
  agents: readonly string[],
  options: AgentConfigOptions,
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  const change = changeOf(options);
  const problems: string[] = [];
  let exitCode: number = EXIT.failure;
  for (const [index, agent] of agents.entries()) {
    try {
      if (change === undefined) show(await read(client, agent), options);
      else printStanding(await applyChange(client, agent, change, options, signal), options);
    } catch (error) {
      if (!(error instanceof CentralRefusal) && !(error instanceof NotTakenError)) throw error;
      problems.push(...error.problems.map((problem) => `${agent}: ${problem}`));
      if (error instanceof CentralRefusal && error.status === 422) exitCode = EXIT.badConfig;
      const rest = agents.slice(index + 1);
      if (change !== undefined && rest.length > 0) problems.push(`not pushed to ${rest.join(', ')}`);
      if (change !== undefined) break;
    }
  }
  if (problems.length > 0) throw new UserError(exitCode, problems);
}

/** The agent refused it, rolled it back, or did not report in time. */
class NotTakenError extends Error {
  override readonly name = 'NotTakenError';
  readonly problems: readonly string[];
  constructor(problem: string) {
    super(problem);
    this.problems = [problem];
  }
}

type Change = (client: CentralClient, path: string, expectedRevision: number) => Promise<Standing>;

function changeOf({ file, rollback, remove }: AgentConfigOptions): Change | undefined {
  if (file !== undefined) {
    const config = loadConfig(file, z.unknown());
    return (client, path, expectedRevision) =>
      client.call('PUT', path, standingSchema, { expectedRevision, config });
  }
  if (rollback !== undefined) {
    return (client, path, expectedRevision) =>
      client.call('POST', `${path}/restore`, standingSchema, { expectedRevision, revision: rollback });
  }
  if (remove !== true) return undefined;
  return (client, path, expectedRevision) =>
    client.call('DELETE', `${path}?expectedRevision=${expectedRevision}`, standingSchema);
}

async function applyChange(
  client: CentralClient,
  agent: string,
  change: Change,
  options: AgentConfigOptions,
  signal: AbortSignal,
): Promise<Standing> {
  const expected = options.expect ?? (await read(client, agent)).desired;
  const pushed = await change(client, pathOf(agent), expected);
  if (options.wait === undefined) return pushed;
  const untilMs = performance.now() + options.wait;
  for (let now = pushed; ; now = await read(client, agent)) {
    if (now.desired !== pushed.desired)
      throw new NotTakenError(`revision ${now.desired} was pushed meanwhile`);
    if (now.state === 'running' || now.state === 'own_file') return now;
    if (now.state === 'failed')
      throw new NotTakenError(`revision ${now.desired}: ${now.problem?.reason ?? ''}`);
    if (performance.now() >= untilMs) {
      throw new NotTakenError(
        `revision ${now.desired} is still ${now.state} after ${options.wait / 1_000} s`,
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

function read(client: CentralClient, agent: string): Promise<Shown> {
  return client.call('GET', pathOf(agent), shownSchema);
}

function pathOf(agent: string): string {
  return `/agents/${encodeURIComponent(agent)}/config`;
}

const WORDS = {
  own_file: 'uses its own file',
  pending: 'not received yet',
  trial: 'on trial',
  running: 'running',
  failed: 'failed',
  ahead: 'the agent has a newer revision, which this central does not know',
} as const satisfies Record<ConfigState, string>;

function printStanding(standing: Standing, options: AgentConfigOptions): void {
  print(options.json === true ? terminalJson(standing) : lineOf(standing));
}

function lineOf({ agent, state, desired, running }: Standing): string {
  const runs = running === desired ? '' : `, revision ${running} is running`;
  return `${terminalText(agent)}: revision ${desired}: ${WORDS[state]}${runs}\n`;
}

function show(shown: Shown, options: AgentConfigOptions): void {
  if (options.json === true) {
    print(terminalJson(shown));
    return;
  }
  const { problem, config, history } = shown;
  print(lineOf(shown));
  if (problem !== undefined)
    print(`  revision ${problem.revision} failed: ${terminalText(problem.reason)}\n`);
  for (const { revision, atMs, actor, restoredFrom, ownFile } of history) {
    const what = ownFile
      ? ', own file'
      : restoredFrom === undefined
        ? ''
        : `, restored from revision ${restoredFrom}`;
    print(`  revision ${revision}: ${new Date(atMs).toISOString()} ${terminalText(actor)}${what}\n`);
  }
  if (config !== undefined && config !== null) print(`\n${stringify(config)}`);
}
