/** A test for names: `*` stands for any text, `?` for one character, everything else for itself. Pure. */
export function namePattern(pattern: string): (name: string) => boolean {
  // Runs of * are one *: many in a row would take the matcher exponential time.
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const matcher = new RegExp(`^${source}$`, 's');
  return (name) => matcher.test(name);
}
