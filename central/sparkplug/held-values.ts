import type { FieldValue, Sample } from '../../contract/sample.ts';

interface Held {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Record<string, FieldValue>;
  saidAtMs: number;
}

interface Place {
  readonly measurement: string;
  readonly field: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Rules wait a minute or more, and see only what is said. */
const REPEAT_EVERY_MS = 30_000;
const MAX_SERIES = 10_000;
/** Of one node, in UTF-16 units. */
const MAX_TEXT_CHARS = 256 * 1_024;

/**
 * Sparkplug says a value when it changes (section 2.2, report by exception): until then it holds, while the session
 * stands. What has not been said for half a minute is said again, so that rules can count the minutes and see the end.
 */
export class HeldValues {
  readonly #devices = new Map<string | undefined, Map<string, Held>>();
  #size = 0;
  #textChars = 0;

  hold(device: string | undefined, samples: readonly Sample[], nowMs: number): void {
    const series = this.#devices.get(device) ?? new Map<string, Held>();
    this.#devices.set(device, series);
    // The newest last, whatever the order in the message.
    for (const { measurement, tags, fields } of samples.toSorted((a, b) => a.timeMs - b.timeMs)) {
      const key = keyOf(measurement, tags);
      const held = series.get(key);
      if (held !== undefined) {
        this.#set(held, fields);
        held.saidAtMs = nowMs;
      } else if (this.#size < MAX_SERIES) {
        this.#size++;
        const added: Held = { measurement, tags, fields: {}, saidAtMs: nowMs };
        this.#set(added, fields);
        series.set(key, added);
      }
    }
  }

  /** It has become null, bad or something that cannot be read. */
  release(device: string | undefined, places: readonly Place[]): void {
    for (const { measurement, field, tags } of places) {
      const held = this.#devices.get(device)?.get(keyOf(measurement, tags));
      if (held !== undefined) this.#drop(held, field);
    }
  }

  /** Said again, they were refused. */
  drop(samples: readonly Sample[]): void {
    for (const { measurement, tags, fields } of samples) {
      const key = keyOf(measurement, tags);
      for (const series of this.#devices.values()) {
        const held = series.get(key);
        if (held !== undefined) for (const field of Object.keys(fields)) this.#drop(held, field);
      }
    }
  }

  forget(device: string | undefined): void {
    const series = this.#devices.get(device);
    if (series === undefined) return;
    this.#size -= series.size;
    for (const { fields } of series.values())
      for (const value of Object.values(fields)) this.#textChars -= charsOf(value);
    this.#devices.delete(device);
  }

  /** Nothing is known to hold any more. */
  clear(): void {
    this.#devices.clear();
    this.#size = 0;
    this.#textChars = 0;
  }

  /** What is to be said again now; `timeMs`: now by the node's clock. */
  due(nowMs: number, timeMs: number): Sample[] {
    const samples: Sample[] = [];
    for (const series of this.#devices.values()) {
      for (const held of series.values()) {
        if (nowMs - held.saidAtMs < REPEAT_EVERY_MS || Object.keys(held.fields).length === 0) continue;
        held.saidAtMs = nowMs;
        samples.push({ measurement: held.measurement, tags: held.tags, fields: { ...held.fields }, timeMs });
      }
    }
    return samples;
  }

  /** A text that finds no room is not held, and what was said before holds no longer either. */
  #set(held: Held, fields: Sample['fields']): void {
    for (const [field, value] of Object.entries(fields)) {
      this.#drop(held, field);
      const chars = charsOf(value);
      if (chars > 0 && this.#textChars + chars > MAX_TEXT_CHARS) continue;
      this.#textChars += chars;
      held.fields[field] = value;
    }
  }

  #drop({ fields }: Held, field: string): void {
    this.#textChars -= charsOf(fields[field]);
    Reflect.deleteProperty(fields, field);
  }
}

function charsOf(value: FieldValue | undefined): number {
  return typeof value === 'string' ? value.length : 0;
}

function keyOf(measurement: string, tags: Readonly<Record<string, string>>): string {
  return JSON.stringify([measurement, tags]);
}
