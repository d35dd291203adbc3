import type { FieldValue, Sample } from '../../contract/sample.ts';

interface Held {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Record<string, FieldValue>;
  storedAtMs: number;
}

interface FieldKey {
  readonly measurement: string;
  readonly field: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Rules wait a minute or more (`for:`) and evaluate samples only. */
const REPEAT_EVERY_MS = 30_000;
const MAX_SERIES = 10_000;
/** For one node, in UTF-16 units. */
const MAX_TEXT_CHARS = 256 * 1_024;

/**
 * Report by exception (section 2.2): a value holds until it changes or the session ends. It is stored again every 30 s so
 * that a rule's `for:` can elapse.
 */
export class HeldValues {
  readonly #devices = new Map<string | undefined, Map<string, Held>>();
  #size = 0;
  #textChars = 0;

  hold(device: string | undefined, samples: readonly Sample[], nowMs: number): void {
    const series = this.#devices.get(device) ?? new Map<string, Held>();
    this.#devices.set(device, series);
    // The newest value wins, whatever the order in the message.
    for (const { measurement, tags, fields } of samples.toSorted((a, b) => a.timeMs - b.timeMs)) {
      const key = keyOf(measurement, tags);
      const held = series.get(key);
      if (held !== undefined) {
        this.#set(held, fields);
        held.storedAtMs = nowMs;
      } else if (this.#size < MAX_SERIES) {
        this.#size++;
        const added: Held = { measurement, tags, fields: {}, storedAtMs: nowMs };
        this.#set(added, fields);
        series.set(key, added);
      }
    }
  }

  /** The value became null, of bad quality or unreadable. */
  release(device: string | undefined, keys: readonly FieldKey[]): void {
    for (const { measurement, field, tags } of keys) {
      const held = this.#devices.get(device)?.get(keyOf(measurement, tags));
      if (held !== undefined) this.#drop(held, field);
    }
  }

  /** These were refused when they were stored again. */
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

  /** No value is known to hold any longer. */
  clear(): void {
    this.#devices.clear();
    this.#size = 0;
    this.#textChars = 0;
  }

  /** Samples to store again now; `timeMs`: now by the node's clock. */
  due(nowMs: number, timeMs: number): Sample[] {
    const samples: Sample[] = [];
    for (const series of this.#devices.values()) {
      for (const held of series.values()) {
        if (nowMs - held.storedAtMs < REPEAT_EVERY_MS || Object.keys(held.fields).length === 0) continue;
        held.storedAtMs = nowMs;
        samples.push({ measurement: held.measurement, tags: held.tags, fields: { ...held.fields }, timeMs });
      }
    }
    return samples;
  }

  /** A text that does not fit is not held, and ends the value before it. */
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
