import { fold } from './fold.ts';
import { SEARCH_KINDS, type SearchEntry, type SearchKind, type SearchSource } from './search-entry.ts';

export const MAX_SEARCH_CHARS = 200;
export const MAX_SEARCH_WORDS = 10;
export const MAX_SEARCH_HITS = 100;

/** How a hit was found, best first: the whole name or id, the beginning of a name, words of it, its id and the rest. */
export const MATCHES = ['exact', 'beginning', 'words', 'id'] as const;

export interface SearchHit {
  readonly kind: SearchKind;
  readonly id: string;
  readonly name: string;
  readonly match: (typeof MATCHES)[number];
  readonly todaysUnits?: readonly string[] | undefined;
}

export interface SearchResult {
  readonly hits: readonly SearchHit[];
  /** How many there are, shown or not. */
  readonly total: number;
}

/** An entry with the text that is looked through: `\n` and a space before each name, then the same with id and the rest. */
export interface Document {
  readonly entry: SearchEntry;
  readonly text: string;
  /** Where names end. */
  readonly namesEnd: number;
  /** Kind, then length of the name: what decides between hits of the same match. */
  readonly weight: number;
}

interface Scored {
  readonly document: Document;
  readonly score: number;
}

/**
 * Finds things of an inventory by words of their names and ids, in any order, each at least by its beginning. It looks
 * through all texts, which are few enough: an index of words would cost more memory and save some milliseconds.
 */
export class SearchIndex {
  readonly #documents: readonly Document[];
  /** By the object of the inventory that each was made of. */
  readonly made = new Map<object, Document>();

  /** Those that are `known` are not made again. */
  constructor(sources: Iterable<SearchSource>, known: ReadonlyMap<object, Document> = new Map()) {
    this.#documents = [...sources].map(([source, entry]) => {
      if (source === undefined) return toDocument(entry());
      const document = known.get(source) ?? toDocument(entry());
      this.made.set(source, document);
      return document;
    });
  }

  get size(): number {
    return this.#documents.length;
  }

  /** `text`: at most `MAX_SEARCH_CHARS` and `MAX_SEARCH_WORDS` of it count. Nothing is found for a text without words. */
  search(text: string, { limit = 20, kinds, isWanted }: SearchOptions = {}): SearchResult {
    const query = fold(text.slice(0, MAX_SEARCH_CHARS));
    const words = wordsOf(query);
    const best: Scored[] = [];
    let total = 0;
    if (words.length === 0) return { hits: [], total };
    for (const document of this.#documents) {
      if (kinds?.includes(document.entry.kind) === false) continue;
      const match = matchOf(document, query, words);
      if (match === -1 || isWanted?.(document.entry) === false) continue;
      total++;
      keepBest(
        best,
        { document, score: match * WEIGHTS + document.weight },
        Math.min(limit, MAX_SEARCH_HITS),
      );
    }
    return { hits: best.map(({ document, score }) => toHit(document, score)), total };
  }
}

export interface SearchOptions {
  readonly limit?: number;
  readonly kinds?: readonly SearchKind[];
  /** Others are not found. */
  readonly isWanted?: (entry: SearchEntry) => boolean;
}

const MAX_LENGTH = 1_024;
const WEIGHTS = SEARCH_KINDS.length * MAX_LENGTH;

export function toDocument(entry: SearchEntry): Document {
  const names = linesOf(entry.names);
  const weight =
    SEARCH_KINDS.indexOf(entry.kind) * MAX_LENGTH +
    Math.min(MAX_LENGTH - 1, (entry.names[0] ?? entry.id).length);
  // The second space: no query is a whole line of these.
  const also = (entry.also ?? []).map((words) => `\n  ${fold(words)}`).join('');
  const text = `${names}${linesOf([entry.id])}${also}\n`;
  return { entry, text, namesEnd: names.length, weight };
}

function linesOf(texts: readonly string[]): string {
  return texts.map((text) => `\n ${fold(text)}`).join('');
}

/** Each once, the longest first: it is in the fewest texts. */
function wordsOf(query: string): readonly string[] {
  const words = [...new Set(query.split(' '))].filter((word) => word !== '').slice(0, MAX_SEARCH_WORDS);
  return words.sort((a, b) => b.length - a.length).map((word) => ` ${word}`);
}

/** Position in `MATCHES`, or -1. */
function matchOf({ text, namesEnd }: Document, query: string, words: readonly string[]): number {
  let isInNames = true;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at === -1) return -1;
    if (at >= namesEnd) isInNames = false;
  }
  const begins = text.indexOf(`\n ${query}`);
  if (begins !== -1 && text.includes(`\n ${query}\n`)) return 0;
  if (begins !== -1 && begins < namesEnd) return 1;
  return isInNames ? 2 : 3;
}

function keepBest(best: Scored[], found: Scored, limit: number): void {
  const last = best.at(-1);
  if (best.length >= limit && last !== undefined && compare(last, found) <= 0) return;
  let at = best.length;
  while (at > 0 && compare(best[at - 1] ?? found, found) > 0) at--;
  best.splice(at, 0, found);
  if (best.length > limit) best.pop();
}

function compare(a: Scored, b: Scored): number {
  return (
    a.score - b.score || (a.document.text < b.document.text ? -1 : Number(a.document.text > b.document.text))
  );
}

function toHit({ entry: { kind, id, names, todaysUnits } }: Document, score: number): SearchHit {
  const match = MATCHES[Math.floor(score / WEIGHTS)] ?? 'id';
  return { kind, id, name: names[0] ?? id, match, ...(todaysUnits !== undefined && { todaysUnits }) };
}
