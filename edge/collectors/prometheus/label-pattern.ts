/** Repetitions without an end whose length is not decided by what follows: matching may try length^count ways. */
const MAX_AMBIGUOUS = 3;
/** A longer label matches nothing. */
export const MAX_LABEL_CHARS = 1_024;
/** Ways to try for all labels of one scrape, about a second. */
const MAX_COST = 200_000_000;

export const LABEL_PATTERN_EXPECTED =
  'expected a regular expression with named groups, such as ^node/(?<node>.+)$, without repeated groups, back references and look-around, and with ' +
  `at most ${MAX_AMBIGUOUS} repetitions such as .+ or .*`;

export class LabelPatternError extends Error {
  override readonly name = 'LabelPatternError';
}

/**
 * A pattern whose time to match is bounded: it may come from central, and labels from anybody. undefined: it is not valid, or
 * its time is not bounded. Pure.
 */
export function parseLabelPattern(
  pattern: string,
): { readonly regExp: RegExp; readonly ambiguous: number } | undefined {
  const ambiguous = ambiguousRepetitions(pattern);
  if (!pattern.includes('(?<') || ambiguous === undefined || ambiguous > MAX_AMBIGUOUS) return undefined;
  try {
    return { regExp: new RegExp(pattern), ambiguous };
  } catch {
    return undefined;
  }
}

/** The named groups of labels, for one scrape. Throws a LabelPatternError when all together would take too long. */
export class LabelReader {
  readonly #regExp: RegExp;
  readonly #ambiguous: number;
  readonly #known = new Map<string, Readonly<Record<string, string | undefined>>>();
  #cost = 0;

  constructor(pattern: string) {
    const parsed = parseLabelPattern(pattern);
    if (parsed === undefined) throw new LabelPatternError(LABEL_PATTERN_EXPECTED);
    this.#regExp = parsed.regExp;
    // Without ^ it is tried at each character.
    this.#ambiguous = parsed.ambiguous + (pattern.startsWith('^') ? 0 : 1);
  }

  read(label: string): Readonly<Record<string, string | undefined>> {
    const known = this.#known.get(label);
    if (known !== undefined) return known;
    if (label.length > MAX_LABEL_CHARS) return {};
    this.#cost += Math.max(label.length, label.length ** this.#ambiguous);
    if (this.#cost > MAX_COST)
      throw new LabelPatternError(
        `too many long labels for the pattern ${this.#regExp.source}: give [^/]+ before / instead of .+`,
      );
    const groups = this.#regExp.exec(label)?.groups ?? {};
    this.#known.set(label, groups);
    return groups;
  }
}

const TOKEN =
  /\\[\s\S]|\[(?:[^\]\\]|\\[\s\S])*\]|\(\?<[A-Za-z_]\w*>|\(\?:|\(\?|[*+?]|\{\d+(?:,\d*)?\}|[\s\S]/gy;

/** undefined: something that no bound is known for. */
function ambiguousRepetitions(pattern: string): number | undefined {
  const tokens = pattern.match(TOKEN) ?? [];
  let ambiguous = 0;
  for (const [at, token] of tokens.entries()) {
    if (token === '(?' || /^\\[1-9k]/.test(token)) return undefined;
    if (!isRepetition(token)) continue;
    const before = tokens[at - 1] ?? '';
    if (before === ')') return undefined;
    if (token === '?' || isRepetition(before)) continue; // `?` alone tries two ways; `+?` is the `+`
    if (!isDecidedBy(before, tokens.slice(at + 1))) ambiguous++;
  }
  return ambiguous;
}

function isRepetition(token: string): boolean {
  return /^(?:[*+?]|\{\d+(?:,\d*)?\})$/.test(token);
}

/** `[^/]+` before `/`: it can only end there. Groups end in between. */
function isDecidedBy(repeated: string, rest: readonly string[]): boolean {
  const next = rest.find((token) => token !== ')' && token !== '?');
  return /^\[\^[^\\\]]\]$/.test(repeated) && next === repeated[2];
}
