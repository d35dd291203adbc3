/** So many pages in any hour. */
export interface Budget {
  readonly pagesPerHour: number;
}

const TEXT = /^\s*(\d{1,4})\s*pages?\s*\/\s*h\s*$/;
const MOST = 1_000;

/** `6 pages/h`; or what is wrong with the text. Pure. */
export function parseBudget(text: string): Budget | string {
  const pagesPerHour = Number(TEXT.exec(text)?.[1]);
  return pagesPerHour >= 1 && pagesPerHour <= MOST
    ? { pagesPerHour }
    : `expected a number of pages an hour from 1 to ${MOST}, such as "6 pages/h", got ${JSON.stringify(text)}`;
}
