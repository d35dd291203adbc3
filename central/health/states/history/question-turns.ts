import { Semaphore } from '../../../../runtime/semaphore.ts';

/** More than this wait for nobody: who asked first would have given up. */
const MAX_WAITING = 20;

/** Too many long questions wait already. */
export class TooManyQuestionsError extends Error {
  override readonly name = 'TooManyQuestionsError';
}

/** One long question at a time; the others wait in their order. */
export class QuestionTurns {
  readonly #answering = new Semaphore(1);
  #count = 0;

  /** Resolves with the function that gives the turn on. Rejects with a TooManyQuestionsError. */
  async take(): Promise<() => void> {
    if (this.#count > MAX_WAITING)
      throw new TooManyQuestionsError(`${MAX_WAITING} long questions about the history wait already`);
    this.#count++;
    const release = await this.#answering.acquire();
    return () => {
      this.#count--;
      release();
    };
  }
}
