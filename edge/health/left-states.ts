import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../contract/sample.ts';
import {
  LEFT_EVENTS_KINDS,
  type LeftEvents,
  type LeftEventsDeps,
  type LeftEventsKind,
} from './left-events.ts';

export interface LeftStatesDeps extends LeftEventsDeps {
  readonly dataDirectory: string;
  /** Of the files of a collector, by its name. */
  readonly identityOf: (collector: string) => string;
}

/** Ends what traps and syslog began, of collectors that are no longer configured: nobody else would, and alerts would stay open. */
export class LeftStates {
  readonly #deps: LeftStatesDeps;
  /** Not among the running ones at the last look. */
  #missing: ReadonlySet<string> = new Set();
  readonly #ending = new Map<string, { readonly kind: LeftEventsKind; readonly left: LeftEvents }>();

  constructor(deps: LeftStatesDeps) {
    this.#deps = deps;
  }

  /** Rows that are due. `running`: names of collectors; empty at the start. Never throws. */
  take(running: readonly string[]): readonly Sample[] {
    if (running.length === 0) return [];
    this.#look(running);
    return [...this.#ending].flatMap(([file, { kind, left }]) => {
      const rows = left.take(this.#filesOf(running, kind));
      if (left.isOver) {
        this.#ending.delete(file);
        rmSync(file, { force: true });
      }
      return rows;
    });
  }

  /** A collector that is missing at two looks has been removed: one that is exchanged is missing for a moment. */
  #look(running: readonly string[]): void {
    const { log } = this.#deps;
    const missing = this.#filesOfOthers(running);
    for (const file of this.#ending.keys()) if (!missing.has(file)) this.#ending.delete(file);
    for (const [file, kind] of missing) {
      if (this.#ending.has(file) || !this.#missing.has(file)) continue;
      const left = kind.open(file, this.#deps);
      this.#ending.set(file, { kind, left });
      log.info({ file, count: left.count }, 'what a collector of events that was removed had told is over');
    }
    this.#missing = new Set(missing.keys());
  }

  #filesOfOthers(running: readonly string[]): ReadonlyMap<string, LeftEventsKind> {
    const { dataDirectory, identityOf } = this.#deps;
    const files = filesIn(dataDirectory);
    const found = LEFT_EVENTS_KINDS.flatMap((kind) => {
      const own = new Set(this.#filesOf(running, kind));
      const prefix = kind.fileOf(dataDirectory, identityOf('')).slice(0, -'.json'.length);
      return files
        .filter((file) => file.startsWith(prefix) && !own.has(file))
        .map((file) => [file, kind] as const);
    });
    return new Map(found);
  }

  #filesOf(collectors: readonly string[], kind: LeftEventsKind): readonly string[] {
    const { dataDirectory, identityOf } = this.#deps;
    return collectors.map((name) => kind.fileOf(dataDirectory, identityOf(name)));
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(directory, name));
  } catch {
    // Its directory not being readable is told by whatever writes there.
    return [];
  }
}
