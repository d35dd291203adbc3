import type { Clock } from '../../../../runtime/clock.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import { AtError, type AtDialogue, type AtCommand } from './at-dialogue.ts';

/** Quectel's manuals promise 300 ms for these commands. */
export const ANSWER_TIMEOUT_MS = 3_000;

/** Commands of one reading: collects its problems, and keeps answers that are requested less often. */
export class AtSession {
  readonly #dialogue: AtDialogue;
  readonly #clock: Clock;
  readonly #cached = new Map<string, { readonly value: unknown; readonly atMs: number }>();
  #problems: string[] = [];

  constructor(dialogue: AtDialogue, clock: Clock) {
    this.#dialogue = dialogue;
    this.#clock = clock;
  }

  takeProblems(): readonly string[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  /** undefined: refused or malformed, which is recorded as a problem. Rejects with an AtError when the port is unusable. */
  async ask<T>(command: AtCommand, parse: (lines: readonly string[]) => T): Promise<T | undefined> {
    try {
      return parse(await this.#dialogue.ask(command, ANSWER_TIMEOUT_MS));
    } catch (error) {
      if (error instanceof AtError && error.code !== 'refused') throw error;
      const message = messageOf(error);
      this.#problems.push(error instanceof AtError ? message : `${command.text}: ${message}`);
      return undefined;
    }
  }

  /** As ask(), but without recording a problem. */
  async tryAsk<T>(command: AtCommand, parse: (lines: readonly string[]) => T): Promise<T | undefined> {
    const before = this.#problems.length;
    const value = await this.ask(command, parse);
    this.#problems.length = before;
    return value;
  }

  /** Asks at most every `everyMs`; in between returns the last answer, also if undefined. */
  async cached<T>(name: string, everyMs: number, ask: () => Promise<T>): Promise<T> {
    const nowMs = this.#clock.monotonicMs();
    const cached = this.#cached.get(name);
    if (cached !== undefined && nowMs - cached.atMs < everyMs) return cached.value as T;
    const value = await ask();
    this.#cached.set(name, { value, atMs: nowMs });
    return value;
  }
}
