/** RFC 5424, section 6.2.1: the place in the list is the code. */
export const SEVERITIES = [
  'emergency',
  'alert',
  'critical',
  'error',
  'warning',
  'notice',
  'informational',
  'debug',
] as const;
export type SeverityName = (typeof SEVERITIES)[number];

/** 0 to 7; the lower, the graver. */
export function severityCode(name: SeverityName): number {
  return SEVERITIES.indexOf(name);
}

/** The code that still counts as critical. */
export const CRITICAL_CODE = severityCode('critical');

/** Perceived severity of X.733, as RFC 5674, section 2, maps it; emergency, which it leaves out, counts as alert. */
const PERCEIVED = ['critical', 'critical', 'major', 'minor', 'warning'] as const;

export function perceivedSeverity(code: number): string {
  return PERCEIVED[code] ?? 'indeterminate';
}
