/** Matches names: `*` is any text, `?` one character, everything else itself. Pure. */
export function namePattern(pattern: string): (name: string) => boolean {
  // Several * in a row become one: they would take the matcher exponential time.
  const source = pattern
    .replace(/\*+/g, '*')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const matcher = new RegExp(`^${source}$`, 's');
  return (name) => matcher.test(name);
}
