/**
 * Matches names: `*` is any text, `?` one character, everything else itself. Takes time in proportion to both lengths, whatever
 * the pattern: only the last `*` ever has to be tried again. Pure.
 */
export function namePattern(pattern: string): (name: string) => boolean {
  const wanted = Array.from(pattern);
  return (name) => matches(wanted, Array.from(name));
}

function matches(wanted: readonly string[], name: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  /** Behind the last `*`, and the first character that it does not take yet. */
  let retry: { readonly next: number; at: number } | undefined;
  while (at < name.length) {
    if (wanted[next] === '*') {
      retry = { next: ++next, at };
    } else if (wanted[next] === '?' || wanted[next] === name[at]) {
      next++;
      at++;
    } else if (retry !== undefined) {
      next = retry.next;
      at = ++retry.at;
    } else {
      return false;
    }
  }
  return wanted.slice(next).every((character) => character === '*');
}
