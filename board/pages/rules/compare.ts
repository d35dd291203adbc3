import { isKnown, type Judged } from './known-times.ts';

/** As a backtest lists an alert. */
export interface TestedAlert {
  readonly entity: Readonly<Record<string, string>>;
  readonly firedAtMs: number;
}

export interface EntityCounts {
  readonly entity: string;
  readonly draft: number;
  readonly present: number;
}

export function entityText(entity: Readonly<Record<string, string>>): string {
  return Object.values(entity).join(' · ');
}

/** How often each entity has an alert by the draft and by the rule that runs; where they differ most comes first. Pure. */
export function countsByEntity(
  draft: readonly TestedAlert[],
  present: readonly TestedAlert[],
): readonly EntityCounts[] {
  const counts = new Map<string, { draft: number; present: number }>();
  const add = (alerts: readonly TestedAlert[], side: 'draft' | 'present'): void => {
    for (const { entity } of alerts) {
      const name = entityText(entity);
      const known = counts.get(name) ?? { draft: 0, present: 0 };
      known[side]++;
      counts.set(name, known);
    }
  };
  add(draft, 'draft');
  add(present, 'present');
  const differenceOf = (each: EntityCounts): number => Math.abs(each.draft - each.present);
  return [...counts]
    .map(([entity, each]) => ({ entity, ...each }))
    .sort((a, b) => differenceOf(b) - differenceOf(a) || b.draft - a.draft || (a.entity < b.entity ? -1 : 1));
}

const HOUR_MS = 3_600_000;
const MOST_HOURS = 48;

interface Tested extends Judged {
  readonly alerts: { readonly total: number; readonly listed: readonly TestedAlert[] };
}

/** Alerts that fired in each hour, `fired` undefined where nothing is stored; undefined: a longer time, or more alerts than are listed, of which days are told. Pure. */
export function firedByHour(
  tested: Tested,
): readonly { readonly atMs: number; readonly fired: number | undefined }[] | undefined {
  const { fromMs, toMs, alerts } = tested;
  const firstMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS;
  const hours = Math.ceil((toMs - firstMs) / HOUR_MS);
  if (hours > MOST_HOURS || alerts.listed.length < alerts.total) return undefined;
  return Array.from({ length: hours }, (_, at) => {
    const atMs = firstMs + at * HOUR_MS;
    const isWithin = ({ firedAtMs }: TestedAlert): boolean => firedAtMs >= atMs && firedAtMs < atMs + HOUR_MS;
    const fired = alerts.listed.filter(isWithin).length;
    const isZeroKnown = isKnown(tested, { fromMs: atMs, toMs: atMs + HOUR_MS });
    return { atMs, fired: fired > 0 || isZeroKnown ? fired : undefined };
  });
}
