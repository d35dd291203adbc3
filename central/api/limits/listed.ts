/** One entry of a list that is read newest first. */
interface Numbered {
  readonly number: number;
}

interface Page {
  readonly limit: number;
  /** Only those with a lower number. */
  readonly beforeNumber?: number | undefined;
}

const READ_AT_ONCE = 200;

/** The first `limit` of those that are wanted, however many others are between them. */
export function firstOf<T extends Numbered>(
  read: (page: Page) => readonly T[],
  isWanted: (entry: T) => boolean,
  { limit, beforeNumber }: Page,
): T[] {
  const found: T[] = [];
  for (let before = beforeNumber; ;) {
    const page = read({ limit: READ_AT_ONCE, beforeNumber: before });
    for (const entry of page) if (found.length < limit && isWanted(entry)) found.push(entry);
    const last = page.at(-1);
    if (last === undefined || page.length < READ_AT_ONCE || found.length >= limit) return found;
    before = last.number;
  }
}
