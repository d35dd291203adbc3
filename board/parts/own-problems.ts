/** Central says so of entries that were not sent: they only follow from what is wrong in those that were. */
const FOLLOWS = /^\S+ \(in the inventory\): /;

/** What is wrong with what was sent, and what follows from it; without anything of the former nothing follows. Pure. */
export function ownProblems(problems: readonly string[]): {
  readonly own: readonly string[];
  readonly following: readonly string[];
} {
  const own = problems.filter((line) => !FOLLOWS.test(line));
  if (own.length === 0) return { own: problems, following: [] };
  return { own, following: problems.filter((line) => FOLLOWS.test(line)) };
}
