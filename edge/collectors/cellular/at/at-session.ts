import type { Clock } from '../../../../runtime/clock.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import { AtError, type AtDialogue, type AtCommand } from './at-dialogue.ts';

/** Quectel's manuals promise 300 ms for what is asked here. */
export const ANSWER_TIMEOUT_MS = 3_000;

/** A dialogue, what went wrong in one reading of it, and answers that are asked for less often. */
export class AtSession {
  readonly #dialogue: AtDialogue;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly value: unknown; readonly atMs: number }>();
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

  /** undefined: refused, or not as its manual says, which is noted. Rejects with an AtError when nothing more can be had. */
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

  /** As ask(), but a modem that does not know the command is no problem. */
  async tryAsk<T>(command: AtCommand, parse: (lines: readonly string[]) => T): Promise<T | undefined> {
    const before = this.#problems.length;
    const value = await this.ask(command, parse);
    this.#problems.length = before;
    return value;
  }

  /** Asked again only after `everyMs`; until then what it was, even nothing. */
  async keep<T>(name: string, everyMs: number, ask: () => Promise<T>): Promise<T> {
    const nowMs = this.#clock.monotonicMs();
    const kept = this.#kept.get(name);
    if (kept !== undefined && nowMs - kept.atMs < everyMs) return kept.value as T;
    const value = await ask();
    this.#kept.set(name, { value, atMs: nowMs });
    return value;
  }
}
