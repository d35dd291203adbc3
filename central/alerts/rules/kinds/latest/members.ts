import type { Reading } from './reading.ts';

/** Between the values of a key; does not occur in tag values. */
const SEPARATOR = '\u001f';

/** One of those that a group consists of, such as a modem: what its best row says. */
export interface Member<T> {
  isFresh: boolean;
  isOfOther: boolean;
  measuredAtMs: number;
  agent: string;
  /** Values of the tags of the group; what the best row lacks is as another one says. */
  readonly groupTags: (string | undefined)[];
  /** What the rule found in the best row; undefined: none said anything. */
  finding: T | undefined;
}

/**
 * Puts the series of a thing together: a modem has one for each technology and band that it was on. What counts is fresh, of the agent
 * in whose care it is, and the newest, in this order.
 */
export class Members<T> {
  readonly #memberTags: readonly string[];
  readonly #groupTags: readonly string[];
  readonly #byKey = new Map<string, Member<T>>();

  constructor(memberTags: readonly string[], groupTags: readonly string[]) {
    this.#memberTags = memberTags;
    this.#groupTags = groupTags;
  }

  keepOnly(wanted: ReadonlySet<Member<T>>): void {
    for (const [key, member] of this.#byKey) if (!wanted.has(member)) this.#byKey.delete(key);
  }

  /** `finding` undefined: the row says nothing, but where the member is. Undefined: the row names no member. */
  add(reading: Reading, finding: T | undefined): Member<T> | undefined {
    const key = keyOf(this.#memberTags, reading);
    if (key === undefined) return undefined;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      const member: Member<T> = {
        isFresh: reading.isFresh,
        isOfOther: reading.isOfOther,
        measuredAtMs: reading.measuredAtMs,
        agent: reading.agent,
        groupTags: this.#groupTags.map((tag) => reading.tag(tag)),
        finding,
      };
      this.#byKey.set(key, member);
      return member;
    }
    const isBetter = finding !== undefined && (known.finding === undefined || isBefore(reading, known));
    this.#groupTags.forEach((tag, at) => {
      if (isBetter || known.groupTags[at] === undefined)
        known.groupTags[at] = reading.tag(tag) ?? known.groupTags[at];
    });
    if (isBetter) {
      known.isFresh = reading.isFresh;
      known.isOfOther = reading.isOfOther;
      known.measuredAtMs = reading.measuredAtMs;
      known.agent = reading.agent;
      known.finding = finding;
    }
    return known;
  }

  /** Those of each group; who lacks one of its tags is in none. */
  groups(): Map<string, Group<T>> {
    const groups = new Map<string, Group<T>>();
    for (const member of this.#byKey.values()) {
      if (member.groupTags.some((value) => value === undefined)) continue;
      const key = member.groupTags.join(SEPARATOR);
      const known = groups.get(key);
      if (known !== undefined) {
        known.members.push(member);
        continue;
      }
      const entity = Object.fromEntries(this.#groupTags.map((tag, at) => [tag, member.groupTags[at] ?? '']));
      groups.set(key, { entity, members: [member] });
    }
    return groups;
  }
}

export interface Group<T> {
  /** Values of the group's tags. */
  readonly entity: Readonly<Record<string, string>>;
  readonly members: Member<T>[];
}

/** Undefined: the row has none of the tags. */
export function keyOf(tags: readonly string[], reading: Reading): string | undefined {
  if (tags.length === 1) return reading.tag(tags[0] ?? '');
  const values = tags.map((tag) => reading.tag(tag));
  return values.some((value) => value !== undefined) ? values.join(SEPARATOR) : undefined;
}

interface Rank {
  readonly isFresh: boolean;
  readonly isOfOther: boolean;
  readonly measuredAtMs: number;
}

export function isBefore(a: Rank, b: Rank): boolean {
  if (a.isFresh !== b.isFresh) return a.isFresh;
  if (a.isOfOther !== b.isOfOther) return b.isOfOther;
  return a.measuredAtMs > b.measuredAtMs;
}

/** Who told of all of them; undefined: several agents. */
export function soleAgent(members: readonly { readonly agent: string }[]): string | undefined {
  const first = members[0]?.agent;
  return members.every(({ agent }) => agent === first) ? first : undefined;
}
