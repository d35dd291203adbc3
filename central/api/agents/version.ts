/** A version as SemVer 2.0.0 has it. */
interface Version {
  readonly numbers: readonly number[];
  /** Dot-separated identifiers; empty: it is a release. */
  readonly prerelease: readonly string[];
}

const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z.-]{1,60}))?(?:\+[0-9A-Za-z.-]{1,60})?$/;
const CONDITION = /^(<=|>=|<|>|=)?(\S+)$/;

const COMPARISONS = {
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '=': (order: number) => order === 0,
  '>=': (order: number) => order >= 0,
  '>': (order: number) => order > 0,
} as const;

/** `<0.2.0`, `>=1.0.0-rc.1`, `0.1.0`; undefined: it is no such condition. What it gets and is no version fits none. Pure. */
export function readVersionCondition(text: string): ((version: string) => boolean) | undefined {
  const [, sign = '=', wanted = ''] = CONDITION.exec(text) ?? [];
  const limit = readVersion(wanted);
  if (limit === undefined) return undefined;
  const holds = COMPARISONS[sign as keyof typeof COMPARISONS];
  return (given) => {
    const version = readVersion(given);
    return version !== undefined && holds(compare(version, limit));
  };
}

export function isVersion(text: string): boolean {
  return readVersion(text) !== undefined;
}

/** Sorts as the versions do; what is none comes first. Pure. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [readVersion(a), readVersion(b)];
  if (left !== undefined && right !== undefined) return compare(left, right);
  if (left === undefined && right === undefined) return Number(a > b) - Number(a < b);
  return left === undefined ? -1 : 1;
}

function readVersion(text: string): Version | undefined {
  const [, major, minor, patch, prerelease] = VERSION.exec(text) ?? [];
  if (major === undefined) return undefined;
  return { numbers: [major, minor, patch].map(Number), prerelease: prerelease?.split('.') ?? [] };
}

/** SemVer 2.0.0, 11. */
function compare(a: Version, b: Version): number {
  for (const [at, number] of a.numbers.entries()) {
    const order = number - (b.numbers[at] ?? 0);
    if (order !== 0) return order;
  }
  // A release comes behind its prereleases.
  if (a.prerelease.length === 0 || b.prerelease.length === 0)
    return b.prerelease.length - a.prerelease.length;
  for (const [at, identifier] of a.prerelease.entries()) {
    const other = b.prerelease[at];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return a.prerelease.length - b.prerelease.length;
}

/** Numbers come before texts. */
function compareIdentifiers(a: string, b: string): number {
  const [isNumber, isOtherNumber] = [a, b].map((each) => /^\d+$/.test(each));
  if (isNumber === true && isOtherNumber === true) return Number(a) - Number(b);
  if (isNumber !== isOtherNumber) return isNumber === true ? -1 : 1;
  return Number(a > b) - Number(a < b);
}
