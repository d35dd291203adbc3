import { pushedConfigSchema, type PushedConfig } from '../../contract/agent-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { RevisionMovedError, type ConfigBook, type ConfigRevision } from './config-book.ts';
import { standingOf, type ConfigStanding, type ReportedConfig } from './standing.ts';

/** What is wrong with a config, one line a problem with place, value and what was expected; empty: nothing. */
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
  /** The desired revision that the author has seen; 0: none. Another one meanwhile is a RevisionMovedError. */
  readonly expectedRevision: number;
}

export interface AgentConfigsDeps {
  readonly book: ConfigBook;
  readonly reported: (agent: string) => ReportedConfig | undefined;
  readonly check: ConfigChecker;
  readonly publish: (agent: string) => void;
  readonly clock: Clock;
}

/** What each agent is to measure: who wanted what and when, and how far it has come. */
export interface AgentConfigs {
  /** Throws a ConfigRefusedError with every problem. */
  put(agent: string, config: unknown, author: Author): Promise<ConfigRevision>;
  /** A new revision with the content of an earlier one. Throws a NoSuchRevisionError. */
  restore(agent: string, revision: number, author: Author): Promise<ConfigRevision>;
  /** The agent's own file counts again. Throws a NoSuchRevisionError when it does already. */
  remove(agent: string, author: Author): ConfigRevision;
  desired(agent: string): ConfigRevision | undefined;
  standing(agent: string): ConfigStanding;
  history(agent: string): readonly ConfigRevision[];
}

export function createAgentConfigs(deps: AgentConfigsDeps): AgentConfigs {
  const { book, reported, check, publish, clock } = deps;

  const append = (
    agent: string,
    config: PushedConfig | null,
    { actor, expectedRevision }: Author,
    restoredFrom?: number,
  ): ConfigRevision => {
    const said = reported(agent);
    const appended = book.append({
      agent,
      config,
      actor,
      expectedRevision,
      atLeast: Math.max(said?.revision ?? 0, said?.problem?.revision ?? 0),
      atMs: clock.now(),
      ...(restoredFrom !== undefined && { restoredFrom }),
    });
    publish(agent);
    return appended;
  };

  const checked = async (config: unknown): Promise<PushedConfig> => {
    const problems = await check(config);
    if (problems.length > 0) throw new ConfigRefusedError(problems);
    return pushedConfigSchema.parse(config);
  };

  const assertNotMoved = (agent: string, expected: number): void => {
    const current = book.desired(agent)?.revision ?? 0;
    if (current !== expected) throw new RevisionMovedError(agent, expected, current);
  };

  return {
    put: async (agent, config, author) => {
      // First of all: a mistake in a text that is out of date need not be told.
      assertNotMoved(agent, author.expectedRevision);
      return append(agent, await checked(config), author);
    },
    restore: async (agent, revision, author) => {
      assertNotMoved(agent, author.expectedRevision);
      const earlier = book.find(agent, revision);
      if (earlier === undefined) throw new NoSuchRevisionError(`${agent} has no revision ${revision}`);
      const config = earlier.config === null ? null : await checked(earlier.config);
      return append(agent, config, author, revision);
    },
    remove: (agent, author) => {
      assertNotMoved(agent, author.expectedRevision);
      const current = book.desired(agent);
      const isAhead = standingOf(current, reported(agent)).state === 'ahead';
      if ((current?.config ?? null) === null && !isAhead) {
        throw new NoSuchRevisionError(`${agent} has no config from here`);
      }
      return append(agent, null, author);
    },
    desired: (agent) => book.desired(agent),
    standing: (agent) => standingOf(book.desired(agent), reported(agent)),
    history: (agent) => book.history(agent),
  };
}
