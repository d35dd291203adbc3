import type { Clock } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { writeRecord } from '../../runtime/record-file.ts';
import type { ClockOffset } from '../publisher/central-clock.ts';
import { centralClockFile } from '../publisher/central-clock-record.ts';

/** Flash wears, and the doctor is asked by people. */
const WRITE_EVERY_MS = 5 * 60_000;

/** Keeps on disk how far the clocks are apart. */
export class ClockWriter {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #nextMs = 0;

  constructor(dataDirectory: string, clock: Clock, log: Logger) {
    this.#file = centralClockFile(dataDirectory);
    this.#clock = clock;
    this.#log = log;
  }

  /** Never throws. */
  write(offset: ClockOffset | undefined): void {
    const nowMs = this.#clock.monotonicMs();
    if (offset === undefined || nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + WRITE_EVERY_MS;
    try {
      writeRecord(this.#file, { v: 1, ...offset, atMs: this.#clock.now() });
    } catch (error) {
      this.#log.debug(
        { file: this.#file, err: messageOf(error) },
        'how far the clocks are apart is not kept',
      );
    }
  }
}
