/**
 * How many characters must be inserted, deleted, replaced or exchanged with their neighbour (optimal string alignment);
 * undefined if more than `limit`. Pure. Compares UTF-16 units. What both texts begin and end with costs next to nothing;
 * the rest about its shorter length × (2 × limit + 1).
 */
export function editDistanceWithin(from: string, to: string, limit: number): number | undefined {
  if (Math.abs(from.length - to.length) > limit) return undefined;
  let start = 0;
  const shorter = Math.min(from.length, to.length);
  while (start < shorter && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)
  )
    end++;
  const rows = from.length - start - end;
  const columns = to.length - start - end;
  const longest = Math.max(rows, columns);
  if (rows === 0 || columns === 0 || longest === 1) return longest > limit ? undefined : longest;
  // Both ends differ: no single change but an exchange makes them the same.
  if (limit < 1 || (limit === 1 && longest > 2)) return undefined;
  const least = distanceOf(from.slice(start, start + rows), to.slice(start, start + columns), limit);
  return least > limit ? undefined : least;
}

/** Only cells within `limit` of the diagonal can stay within it; more than `limit` stands for all that is more. */
function distanceOf(from: string, to: string, limit: number): number {
  const beyond = limit + 1;
  let twoAbove: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let row = 1; row <= from.length; row++) {
    const cells = new Array<number>(to.length + 1).fill(beyond);
    if (row <= limit) cells[0] = row;
    let least = cells[0] ?? beyond;
    const letter = from.charCodeAt(row - 1);
    const last = Math.min(to.length, row + limit);
    for (let at = Math.max(1, row - limit); at <= last; at++) {
      const other = to.charCodeAt(at - 1);
      let cell = (above[at - 1] ?? beyond) + (letter === other ? 0 : 1);
      cell = Math.min(cell, (above[at] ?? beyond) + 1, (cells[at - 1] ?? beyond) + 1);
      const isExchanged =
        row > 1 && at > 1 && letter === to.charCodeAt(at - 2) && other === from.charCodeAt(row - 2);
      if (isExchanged) cell = Math.min(cell, (twoAbove[at - 2] ?? beyond) + 1);
      cells[at] = cell;
      if (cell < least) least = cell;
    }
    // An exchange reaches back two rows, and costs one itself.
    if (least > limit && Math.min(...above) >= limit) return beyond;
    twoAbove = above;
    above = cells;
  }
  return above[to.length] ?? beyond;
}
