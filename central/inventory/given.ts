import { inventorySchema, type InventoryFile } from '../../contract/inventory.ts';
import { checkConfig } from '../../runtime/config.ts';
import { UserError } from '../../runtime/errors.ts';
import { checkInventory, MAX_MISTAKES } from './check/check-inventory.ts';
import { explainProblem, type InventoryProblem, type Place } from './check/problem.ts';
import { idOf, KIND_NAMES, schemaOf, type Entry, type EntryOf, type Kind } from './kinds.ts';
import type { GivenLists } from './merge.ts';

/** What somebody gives as the inventory, or as a part of it. */
export interface Given {
  /** What could be read. */
  readonly lists: GivenLists;
  /** In front of a problem, such as `inventory.yaml: `. */
  readonly source: string;
  /** Names a field of an entry of `lists` to whoever gave it, such as `devices[3].agent`. */
  readonly placeOf: (kind: Kind, at: number, field?: string) => string;
  /** What could not be read, and why: nothing may be used then. */
  readonly problems: readonly string[];
  /** Ids of what could not be read: that others name them is no mistake. */
  readonly unread: ReadonlySet<string>;
}

/** Of a value in YAML or JSON; `source` names it in problems. Throws a UserError (exit 2) where it has no lists at all. */
export function givenFrom(source: string, value: unknown): Given {
  const positions = new Map<Kind, readonly number[]>();
  const placeOf: Given['placeOf'] = (kind, at, field) => {
    const entry = `${kind}[${positions.get(kind)?.[at] ?? at}]`;
    return field === undefined ? entry : `${entry}.${field}`;
  };
  try {
    const lists = checkConfig(source, value, inventorySchema);
    const named = KIND_NAMES.filter((kind) => Object.hasOwn(value as object, kind));
    const given = Object.fromEntries(named.map((kind) => [kind, lists[kind]])) as GivenLists;
    return { lists: given, source: `${source}: `, placeOf, problems: [], unread: new Set() };
  } catch (error) {
    if (!(error instanceof UserError) || typeof value !== 'object' || value === null) throw error;
    const unread = new Set<string>();
    const lists: GivenLists = {};
    const readable = <K extends Kind>(kind: K, entries: readonly unknown[]): void => {
      const read = entries.map((entry) => schemaOf(kind).safeParse(entry).data);
      const found = [...read.keys()].filter((at) => read[at] !== undefined);
      positions.set(kind, found);
      lists[kind] = found.map((at) => read[at]) as unknown as InventoryFile[K];
      for (const [at, entry] of entries.entries()) if (read[at] === undefined) unread.add(idIn(entry));
    };
    for (const kind of KIND_NAMES) {
      const entries: unknown = (value as Readonly<Record<string, unknown>>)[kind];
      if (Array.isArray(entries)) readable(kind, entries);
    }
    return { lists, source: `${source}: `, placeOf, problems: error.problems, unread };
  }
}

/** Of an entry that is not as it should be. */
function idIn(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return '';
  const { id, code } = entry as { readonly id?: unknown; readonly code?: unknown };
  const known = id ?? code;
  return typeof known === 'string' ? known : '';
}

/** As if one had given all of it. */
export function joinGiven(parts: readonly Given[]): Given {
  const lists: GivenLists = {};
  const origins = new Map<Kind, { readonly part: Given; readonly at: number }[]>();
  const add = <K extends Kind>(kind: K, part: Given): void => {
    const entries: readonly EntryOf<K>[] | undefined = part.lists[kind];
    if (entries === undefined) return;
    const before: readonly EntryOf<K>[] = lists[kind] ?? [];
    lists[kind] = [...before, ...entries] as InventoryFile[K];
    origins.set(kind, [...(origins.get(kind) ?? []), ...entries.map((_, at) => ({ part, at }))]);
  };
  for (const part of parts) for (const kind of KIND_NAMES) add(kind, part);
  return {
    lists,
    source: '',
    placeOf: (kind, at, field) => {
      const origin = origins.get(kind)?.[at];
      return origin === undefined ? kind : origin.part.source + origin.part.placeOf(kind, origin.at, field);
    },
    problems: parts.flatMap(({ problems }) => problems),
    unread: new Set(parts.flatMap(({ unread }) => [...unread])),
  };
}

/**
 * All mistakes at once: of what was given, and of the whole that it makes; of more than MAX_MISTAKES the first, and a last line
 * that says so. In each list of `whole`, what was given comes last.
 */
export function problemsOf(given: Given, whole: InventoryFile): readonly string[] {
  if (given.problems.length > MAX_MISTAKES) return limited(given.problems);
  const isGiven = ({ list, at }: Omit<Place, 'field'>): number =>
    at - (whole[list].length - (given.lists[list]?.length ?? 0));
  const nameOf = (entry: Omit<Place, 'field'>): string => {
    const at = isGiven(entry);
    return at >= 0 ? given.placeOf(entry.list, at) : nameInInventory(whole, entry);
  };
  const placeOf = (problem: Place): string => {
    const at = isGiven(problem);
    if (at >= 0) return given.source + given.placeOf(problem.list, at, problem.field);
    return `${nameInInventory(whole, problem)} (in the inventory): ${problem.field}`;
  };
  const ofWhole = [...checkInventory(whole, given.unread), ...doubleFormerUnits(whole)].map(
    (problem) => `${placeOf(problem)}: ${explainProblem(problem, nameOf)}`,
  );
  return limited([...given.problems, ...ofWhole]);
}

function limited(problems: readonly string[]): readonly string[] {
  if (problems.length <= MAX_MISTAKES) return problems;
  return [
    ...problems.slice(0, MAX_MISTAKES),
    `more than ${MAX_MISTAKES} problems; the rest is named once these are mended`,
  ];
}

function nameInInventory(whole: InventoryFile, { list, at }: Omit<Place, 'field'>): string {
  const entries: readonly Entry[] = whole[list];
  const entry = entries[at];
  return `${list}/${entry === undefined ? at : idOf(list, entry)}`;
}

/** Those with a code overlap: that is checked already. */
function doubleFormerUnits({ formerUnits }: InventoryFile): InventoryProblem[] {
  const list = 'formerUnits';
  const seen = new Map<string, number>();
  return formerUnits.flatMap((entry: EntryOf<typeof list>, at) => {
    const id = idOf(list, entry);
    const first = seen.get(id);
    seen.set(id, first ?? at);
    if (first === undefined || entry.code !== undefined) return [];
    const message = 'expected one unit of a name in a district until a day';
    return [{ list, at, field: 'name', message, value: entry.name, first: { list, at: first } }];
  });
}
