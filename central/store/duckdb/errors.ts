import { messageOf } from '../../../runtime/errors.ts';

/** DuckDB's class names of "this value will not do"; the driver's own conversions throw a TypeError or RangeError. */
const ABOUT_DATA = /^(?:Conversion|Constraint|Invalid Input|Invalid type|Mismatch Type|Out of Range) Error/;

/** Whether the rows are to blame rather than the database. */
export function isAboutData(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return ABOUT_DATA.test(messageOf(error));
}

export function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? '';
}
