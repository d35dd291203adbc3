/** In one list of changes. */
const MOST_LINES = 40;
const MOST_CHARS = 160;

/** What differs between two configs, a line each: `collectors[ping].intervalMs: 30000 → 60000`. Pure. */
export function diffLines(before: unknown, after: unknown): readonly string[] {
  const lines = linesOf('', before, after);
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];
}

function linesOf(path: string, before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [left, right] = [partsOf(before), partsOf(after)];
  // What comes or goes as a whole is one line.
  if (left === undefined || right === undefined)
    return [`${path === '' ? 'config' : path}: ${shown(before)} → ${shown(after)}`];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].flatMap((key) => {
    const at = key.startsWith('[') || path === '' ? `${path}${key}` : `${path}.${key}`;
    return linesOf(at, left.get(key), right.get(key));
  });
}

/** Entries of an object by name, of a list by the name or kind of each. */
function partsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value));
  const named = value.map((each: unknown, at) => [`[${labelOf(each) ?? String(at)}]`, each] as const);
  const isUnique = new Set(named.map(([key]) => key)).size === named.length;
  return new Map(isUnique ? named : value.map((each: unknown, at) => [`[${at}]`, each]));
}

function labelOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, device, kind } = value as Readonly<Record<string, unknown>>;
  return [name, device, kind].find((each) => typeof each === 'string');
}

function shown(value: unknown): string {
  if (value === undefined) return '–';
  const text = JSON.stringify(value);
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text;
}
