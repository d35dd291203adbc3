import type { Answers, Bodies } from '../../api/answers.ts';

type Alert = Answers['/api/v1/alerts']['items'][number];
export type SilenceMatch = Bodies['POST /api/v1/silences']['match'];

/** This rule, as near to its place as the alert says. Undefined: it says no place, and a rule alone would be quiet in the whole city. Pure. */
export function matchOf({
  rule,
  entity,
  site,
  unit,
}: Pick<Alert, 'rule' | 'entity' | 'site' | 'unit'>): SilenceMatch | undefined {
  // Of a machine the tag `device` is a disk or the like.
  const { link, agent } = entity;
  const device = entity['host'] ?? entity['device'];
  const place =
    link !== undefined
      ? { link: [link] }
      : device !== undefined
        ? { device: [device] }
        : agent !== undefined
          ? { agent: [agent] }
          : site !== undefined
            ? { site: [site] }
            : unit !== undefined
              ? { unit: [unit] }
              : undefined;
  return place === undefined ? undefined : { rule: [rule], ...place };
}

/** Its lists in the order in which they are told, such as `link` with its ids. Pure. */
export function partsOf(
  match: SilenceMatch,
): readonly (readonly [part: MatchPart, values: readonly string[]])[] {
  return PARTS.flatMap((part) => {
    const values = match[part];
    return values === undefined ? [] : [[part, values] as const];
  });
}

const PARTS = ['rule', 'severity', 'link', 'device', 'agent', 'site', 'unit'] as const;
export type MatchPart = (typeof PARTS)[number];
