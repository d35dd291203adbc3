import { renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PRELOAD = fileURLToPath(new URL('./shift-clock.js', import.meta.url));

/**
 * The wall clock of a program under test, which steps while it runs: `shift-clock.js` is loaded before the program and adds
 * the offset of a file to what it reads. As when a machine's clock is set, only the wall clock steps: the monotonic clock
 * and all timers run on.
 */
export class ShiftedClock {
  readonly #file: string;

  /** `file`: of this clock alone; it is written at once. */
  constructor(file: string) {
    this.#file = file;
    this.setOffset(0);
  }

  get nodeOptions(): readonly string[] {
    return ['--import', PRELOAD];
  }

  get env(): Readonly<Record<string, string>> {
    return { WARDWATCH_TEST_CLOCK_FILE: this.#file };
  }

  /** Sets the clock: this far from the right time, from now on (within 20 ms). */
  setOffset(offsetMs: number): void {
    // Renamed, so that it is never read half.
    writeFileSync(`${this.#file}.new`, String(offsetMs));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
