/** What became of one attempt; `all: true` when it is known that each of the items is to blame. */
export type Attempt =
  { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly all: boolean };

export interface Offender<Item> {
  readonly item: Item;
  readonly reason: string;
}

/**
 * Offers all items at once and halves what is refused until each offender stands alone: about log2(n) attempts an
 * offender. `attempt` must be repeatable without harm, and throws when the answer is not final.
 */
export async function writeWithoutOffenders<Item>(
  items: readonly Item[],
  attempt: (items: readonly Item[]) => Promise<Attempt>,
): Promise<readonly Offender<Item>[]> {
  const offenders: Offender<Item>[] = [];
  const pending: (readonly Item[])[] = items.length === 0 ? [] : [items];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    const outcome = await attempt(part);
    if (outcome.ok) continue;
    if (outcome.all || part.length === 1) {
      for (const item of part) offenders.push({ item, reason: outcome.reason });
    } else {
      const middle = Math.ceil(part.length / 2);
      pending.push(part.slice(middle), part.slice(0, middle));
    }
  }
  return offenders;
}
