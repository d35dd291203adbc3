/** Repetitions whose length is not decided by what follows: matching may try length^count ways. */
const MAX_OPEN = 3;
/** `?` and `|`: matching may try 2^count ways. */
const MAX_CHOICES = 6;
/** A longer label matches nothing. */
export const MAX_LABEL_CHARS = 1_024;
/** Characters to compare for all labels of one scrape, about a second. */
const MAX_COST = 400_000_000;

export const LABEL_PATTERN_EXPECTED =
  'expected a regular expression with named groups, such as ^node/(?<node>.+)$, without repeated groups, back references and look-around, and with ' +
  `at most ${MAX_OPEN} repetitions such as .+ or .* and at most ${MAX_CHOICES} of ? and |`;

export class LabelPatternError extends Error {
  override readonly name = 'LabelPatternError';
}

/** How many ways a pattern may go through a label. */
interface Ways {
  readonly open: number;
  readonly choices: number;
  /** What is compared again for each way: tokens after the first place that may be reached in several ways. */
  readonly againTokens: number;
  /** Whether a repetition that is decided, such as `[^/]+/`, is among them: it goes through the rest of the label. */
  readonly againLabel: boolean;
}

export interface LabelPattern {
  readonly regExp: RegExp;
  readonly ways: Ways;
}

/**
 * A pattern whose time to match is bounded: it may come from central, and labels from anybody. undefined: it is not valid, or
 * its time is not bounded. Pure.
 */
export function parseLabelPattern(pattern: string): LabelPattern | undefined {
  const ways = waysOf(pattern);
  if (!pattern.includes('(?<') || ways === undefined) return undefined;
  try {
    return { regExp: new RegExp(pattern), ways };
  } catch {
    return undefined;
  }
}

/** What all patterns of one scrape may take together. */
export class LabelBudget {
  #left = MAX_COST;

  /** Throws a LabelPatternError when it is used up. */
  take(cost: number, pattern: string): void {
    this.#left -= cost;
    if (this.#left < 0)
      throw new LabelPatternError(
        `too many long labels for the pattern ${pattern}: give [^/]+ before / instead of .+`,
      );
  }
}

/** The named groups of labels, for one scrape. Throws a LabelPatternError when all together would take too long. */
export class LabelReader {
  readonly #pattern: LabelPattern;
  readonly #budget: LabelBudget;
  readonly #known = new Map<string, Readonly<Record<string, string | undefined>>>();

  constructor(pattern: string, budget: LabelBudget) {
    const parsed = parseLabelPattern(pattern);
    if (parsed === undefined) throw new LabelPatternError(LABEL_PATTERN_EXPECTED);
    this.#pattern = parsed;
    this.#budget = budget;
  }

  read(label: string): Readonly<Record<string, string | undefined>> {
    const known = this.#known.get(label);
    if (known !== undefined) return known;
    if (label.length > MAX_LABEL_CHARS) return {};
    const { regExp, ways } = this.#pattern;
    this.#budget.take(costOf(ways, label.length), regExp.source);
    const groups = regExp.exec(label)?.groups ?? {};
    this.#known.set(label, groups);
    return groups;
  }
}

/** An upper bound of the characters compared, of a label this long. */
function costOf({ open, choices, againTokens, againLabel }: Ways, length: number): number {
  const again = againTokens + (againLabel ? length : 0);
  return length + length ** open * 2 ** choices * again;
}

const TOKEN =
  /\\[\s\S]|\[(?:[^\]\\]|\\[\s\S])*\]|\(\?<[A-Za-z_]\w*>|\(\?:|\(\?|[*+?]|\{\d+(?:,\d*)?\}|[\s\S]/gy;

/** undefined: something that no bound is known for, or too much of it. */
function waysOf(pattern: string): Ways | undefined {
  const tokens = pattern.match(TOKEN) ?? [];
  // Otherwise it is tried at each character.
  const isAnchored = tokens[0] === '^' && !hasOuterChoice(tokens);
  let open = 0;
  let choices = 0;
  let againFrom = isAnchored ? tokens.length : 0;
  let againLabel = false;
  for (const [at, token] of tokens.entries()) {
    if (token === '(?' || /^\\[1-9k]/.test(token)) return undefined;
    const before = tokens[at - 1] ?? '';
    if (isRepetition(token) && before === ')') return undefined;
    if (token === '|') choices++;
    else if (!isRepetition(token) || isRepetition(before))
      continue; // the `?` of `+?` is no repetition
    else if (token === '?') choices++;
    else if (isDecidedBy(before, tokens.slice(at + 1))) {
      againLabel ||= againFrom < at;
      continue;
    } else open++;
    againFrom = Math.min(againFrom, at);
  }
  if (open > MAX_OPEN || choices > MAX_CHOICES) return undefined;
  return { open: open + (isAnchored ? 0 : 1), choices, againTokens: tokens.length - againFrom, againLabel };
}

/** `^a|b`: the anchor is of the first part only. */
function hasOuterChoice(tokens: readonly string[]): boolean {
  let depth = 0;
  return tokens.some((token) => {
    if (token.startsWith('(')) depth++;
    if (token === ')') depth--;
    return token === '|' && depth === 0;
  });
}

function isRepetition(token: string): boolean {
  return /^(?:[*+?]|\{\d+(?:,\d*)?\})$/.test(token);
}

/** `[^/]+` before `/`: it can only end there. Groups end in between. */
function isDecidedBy(repeated: string, rest: readonly string[]): boolean {
  const [next, after = ''] = rest.filter((token, at) => token !== ')' && !(at === 0 && token === '?'));
  // `/?` may be missing, and `.` is any character.
  const isThere = next === repeated[2] && !/^[.^$|(]/.test(next ?? '') && !/^[?*{]/.test(after);
  return /^\[\^[^\\\]]\]$/.test(repeated) && isThere;
}
