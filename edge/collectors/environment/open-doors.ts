import type { Sample } from '../../../contract/sample.ts';
import { MAX_SENSORS } from './silence.ts';

const EVERY_MS = 60_000;

interface OpenDoor {
  readonly tags: Sample['tags'];
  /** When it last spoke itself; monotonic. */
  readonly heardAtMs: number;
  readonly saidAtMs: number;
}

/**
 * A door sensor speaks when the door moves, and a rule wants to know how long it stays open: a door that said it was
 * opened is reported open each minute, until it says otherwise or has been silent for too long.
 */
export class OpenDoors {
  readonly #silentAfterMs: number;
  readonly #doors = new Map<string, OpenDoor>();

  constructor(silentAfterMs: number) {
    this.#silentAfterMs = silentAfterMs;
  }

  note({ tags, fields }: Pick<Sample, 'tags' | 'fields'>, nowMs: number): void {
    const isOpen = fields['door_open'];
    if (isOpen === undefined) return;
    const key = JSON.stringify(tags);
    if (isOpen === true && (this.#doors.has(key) || this.#doors.size < MAX_SENSORS)) {
      this.#doors.set(key, { tags, heardAtMs: nowMs, saidAtMs: nowMs });
    } else {
      this.#doors.delete(key);
    }
  }

  /** Those that are due; `nowMs` is monotonic, `timeMs` Unix time. */
  report(measurement: string, nowMs: number, timeMs: number): readonly Sample[] {
    return [...this.#doors].flatMap(([key, door]): readonly Sample[] => {
      if (nowMs - door.heardAtMs > this.#silentAfterMs) this.#doors.delete(key);
      if (!this.#doors.has(key) || nowMs - door.saidAtMs < EVERY_MS) return [];
      this.#doors.set(key, { ...door, saidAtMs: nowMs });
      return [{ measurement, tags: door.tags, fields: { door_open: true }, timeMs }];
    });
  }
}
