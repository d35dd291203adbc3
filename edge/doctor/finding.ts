/** Result of one check. `warn`: works, but needs attention. */
export interface Finding {
  readonly check: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly seen: string;
  /** How to fix it. */
  readonly advice?: string;
}

export function ok(check: string, seen: string): Finding {
  return { check, level: 'ok', seen };
}

export function warn(check: string, seen: string, advice: string): Finding {
  return { check, level: 'warn', seen, advice };
}

export function fail(check: string, seen: string, advice: string): Finding {
  return { check, level: 'fail', seen, advice };
}
