/** What the inventory has of one kind, in the order of their ids: sorted once for each inventory, not for each question. */
export function orderOfIds<Entry extends { readonly id: string }>(): (
  entries: ReadonlyMap<string, Entry>,
) => readonly Entry[] {
  let of: ReadonlyMap<string, Entry> | undefined;
  let inOrder: readonly Entry[] = [];
  return (entries) => {
    // A changed inventory has other maps.
    if (entries !== of) inOrder = [...entries.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    of = entries;
    return inOrder;
  };
}
