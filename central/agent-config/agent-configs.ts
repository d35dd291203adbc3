import { pushedConfigSchema, type PushedConfig } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RevisionMovedError, type ConfigRevision, type ConfigRevisions } from './config-revisions.ts';
import { standingOf, type ConfigStanding, type ReportedConfig } from './standing.ts';

/** Resolves with one line for each problem: place, what was expected, value. */
export type ConfigChecker = (config: unknown) => Promise<readonly string[]>;

/** Nothing was written. */
export class ConfigRefusedError extends Error {
  override readonly name = 'ConfigRefusedError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** There is no such revision in the agent's history. */
export class NoSuchRevisionError extends Error {
  override readonly name = 'NoSuchRevisionError';
}

export interface Author {
  readonly actor: string;
  /** The desired revision that the author has seen; 0: none. A RevisionMovedError if it has changed since. */
  readonly expectedRevision: number;
}

export interface AgentConfigsDeps {
  readonly revisions: ConfigRevisions;
  readonly reported: (agent: string) => ReportedConfig | undefined;
  readonly check: ConfigChecker;
  readonly declarations: ConfigDeclarations;
  readonly publish: (agent: string) => void;
  readonly clock: Clock;
}

/** Whoever takes in what configs declare. */
export interface ConfigDeclarations {
  /** Why what the config declares cannot be taken in. */
  problemsOf(agent: string, config: PushedConfig): readonly string[];
  /** It is what the agent is to run now; `null`: its own file. */
  take(agent: string, config: PushedConfig | null): void;
}

/** The config of each agent: who set it and when, and whether the agent runs it. */
export interface AgentConfigs {
  /** Throws a ConfigRefusedError with every problem. */
  put(agent: string, config: unknown, author: Author): Promise<ConfigRevision>;
  /** Why it would be refused; empty: it would not. Nothing is written. */
  problemsOf(agent: string, config: unknown): Promise<readonly string[]>;
  /** A new revision with the content of an earlier one. Throws a NoSuchRevisionError. */
  restore(agent: string, revision: number, author: Author): Promise<ConfigRevision>;
  /** The agent is to run its own file again. Throws a NoSuchRevisionError if it already is. */
  remove(agent: string, author: Author): ConfigRevision;
  desired(agent: string): ConfigRevision | undefined;
  standing(agent: string): ConfigStanding;
  history(agent: string): readonly ConfigRevision[];
}

export function createAgentConfigs(deps: AgentConfigsDeps): AgentConfigs {
  const { revisions, reported, check, declarations, publish, clock } = deps;

  const append = (
    agent: string,
    config: PushedConfig | null,
    { actor, expectedRevision }: Author,
    restoredFrom?: number,
  ): ConfigRevision => {
    const current = reported(agent);
    // Here, so that nothing else is declared in between.
    const problems = config === null ? [] : declarations.problemsOf(agent, config);
    if (problems.length > 0) throw new ConfigRefusedError(problems);
    const appended = revisions.append({
      agent,
      config,
      actor,
      expectedRevision,
      atLeast: Math.max(current?.revision ?? 0, current?.problem?.revision ?? 0),
      atMs: clock.now(),
      ...(restoredFrom !== undefined && { restoredFrom }),
    });
    declarations.take(agent, config);
    publish(agent);
    return appended;
  };

  const checked = async (config: unknown): Promise<PushedConfig> => {
    const problems = await check(config);
    if (problems.length > 0) throw new ConfigRefusedError(problems);
    return pushedConfigSchema.parse(config);
  };

  const assertNotMoved = (agent: string, expected: number): void => {
    const current = revisions.desired(agent)?.revision ?? 0;
    if (current !== expected) throw new RevisionMovedError(agent, expected, current);
  };

  return {
    put: async (agent, config, author) => {
      // Before the check: who must read the config again need not see the problems of an outdated one.
      assertNotMoved(agent, author.expectedRevision);
      return append(agent, await checked(config), author);
    },
    problemsOf: async (agent, config) => {
      const problems = await check(config);
      return problems.length > 0
        ? problems
        : declarations.problemsOf(agent, pushedConfigSchema.parse(config));
    },
    restore: async (agent, revision, author) => {
      assertNotMoved(agent, author.expectedRevision);
      const earlier = revisions.find(agent, revision);
      if (earlier === undefined) throw new NoSuchRevisionError(`${agent} has no revision ${revision}`);
      const config = earlier.config === null ? null : await checked(earlier.config);
      return append(agent, config, author, revision);
    },
    remove: (agent, author) => {
      assertNotMoved(agent, author.expectedRevision);
      const current = revisions.desired(agent);
      const isAhead = standingOf(current, reported(agent)).state === 'ahead';
      if ((current?.config ?? null) === null && !isAhead) {
        throw new NoSuchRevisionError(`${agent} has no config from central`);
      }
      return append(agent, null, author);
    },
    desired: (agent) => revisions.desired(agent),
    standing: (agent) => standingOf(revisions.desired(agent), reported(agent)),
    history: (agent) => revisions.history(agent),
  };
}
