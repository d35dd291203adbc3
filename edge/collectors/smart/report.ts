import { parseExactJson } from './exact-json.ts';

/** Output of `smartctl --json`, with lookups that never throw: undefined if missing or of another type. */
export class Report {
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** Throws when it is not JSON of smartctl. */
  static parse(text: string): Report {
    let root: unknown;
    try {
      root = parseExactJson(text);
    } catch {
      // Without text and cause, which quotes it: it may be any file, and errors go to central.
      throw new Error('expected JSON of smartctl');
    }
    const report = new Report(root);
    if (report.integer('smartctl', 'exit_status') === undefined) {
      throw new Error('expected JSON of smartctl with smartctl.exit_status');
    }
    return report;
  }

  has(...path: readonly string[]): boolean {
    return this.#at(path) !== undefined;
  }

  text(...path: readonly string[]): string | undefined {
    const value = this.#at(path);
    return typeof value === 'string' ? value : undefined;
  }

  flag(...path: readonly string[]): boolean | undefined {
    const value = this.#at(path);
    return typeof value === 'boolean' ? value : undefined;
  }

  /** A whole number; exact beyond 2^53, where parseExactJson left it as digits. */
  integer(...path: readonly string[]): bigint | undefined {
    const value = this.#at(path);
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    return typeof value === 'string' && /^-?\d{16,40}$/.test(value) ? BigInt(value) : undefined;
  }

  list(...path: readonly string[]): readonly Report[] {
    const value = this.#at(path);
    return Array.isArray(value) ? value.slice(0, MAX_ENTRIES).map((entry) => new Report(entry)) : [];
  }

  #at(path: readonly string[]): unknown {
    let value = this.#root;
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
}

const MAX_ENTRIES = 512;

/** Bits of smartctl's exit status, smartctl(8). */
const COMMAND_LINE = 1n;
const NOT_OPENED = 2n;
const DISK_FAILING = 8n;
/** Exit status for a disk in standby by `--nocheck=standby,3`: no other run ends with both bits. */
export const ASLEEP = 3n;

export type Verdict =
  | { readonly kind: 'read' }
  | { readonly kind: 'asleep' }
  | { readonly kind: 'failed'; readonly problem: string };

/** Whether a report has data of its disk, and why not. Pure. */
export function evaluateReport(report: Report): Verdict {
  const status = report.integer('smartctl', 'exit_status') ?? 0n;
  const said = report.list('smartctl', 'messages').flatMap((message) => message.text('string') ?? []);
  if (status === ASLEEP || (status === NOT_OPENED && said.some((text) => /\b(STANDBY|SLEEP)\b/.test(text)))) {
    return { kind: 'asleep' };
  }
  if ((status & (COMMAND_LINE | NOT_OPENED)) === 0n) return { kind: 'read' };
  const problem = said.length > 0 ? said.join('; ').slice(0, 300) : `smartctl ended with status ${status}`;
  return { kind: 'failed', problem };
}

/** The disk reports that it is failing. */
export function isFailing(report: Report): boolean {
  return ((report.integer('smartctl', 'exit_status') ?? 0n) & DISK_FAILING) !== 0n;
}
