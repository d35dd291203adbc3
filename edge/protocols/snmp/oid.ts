/** Negative: `a` stands before `b` in the order of OIDs. Both are dotted decimal without leading zeros. */
export function compareOids(a: string, b: string): number {
  let startA = 0;
  let startB = 0;
  for (;;) {
    const endA = arcEnd(a, startA);
    const endB = arcEnd(b, startB);
    // Without leading zeros the longer number is the larger one.
    const byLength = endA - startA - (endB - startB);
    if (byLength !== 0) return byLength;
    for (let at = 0; at < endA - startA; at++) {
      const difference = a.charCodeAt(startA + at) - b.charCodeAt(startB + at);
      if (difference !== 0) return difference;
    }
    if (endA === a.length || endB === b.length) return a.length - endA - (b.length - endB);
    startA = endA + 1;
    startB = endB + 1;
  }
}

function arcEnd(oid: string, from: number): number {
  const dot = oid.indexOf('.', from);
  return dot === -1 ? oid.length : dot;
}

/** What follows `prefix` in `oid`, without the dot; undefined: it is not below it. */
export function indexBelow(prefix: string, oid: string): string | undefined {
  if (!oid.startsWith(prefix) || oid[prefix.length] !== '.') return undefined;
  return oid.slice(prefix.length + 1);
}

export function isAtOrBelow(prefix: string, oid: string): boolean {
  return oid === prefix || indexBelow(prefix, oid) !== undefined;
}
