import { LabelBudget, LabelReader } from './label-pattern.ts';
import type { Metric } from './exposition.ts';
import type { Mapping, Selection } from './mapping.ts';
import type { Rates } from './rates.ts';

/** One scrape by name of metric. */
export interface Scrape {
  readonly byName: ReadonlyMap<string, readonly Metric[]>;
  readonly rates: Rates;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** undefined: a rate that is not known yet. */
  readonly value: number | undefined;
}

/** Adds the mapping's labels and groups by name. Throws a LabelPatternError. Pure. */
export function toScrape(metrics: readonly Metric[], mapping: Pick<Mapping, 'labels'>, rates: Rates): Scrape {
  const budget = new LabelBudget();
  const rules = mapping.labels.map(({ from, pattern }) => ({
    from,
    reader: new LabelReader(pattern, budget),
  }));
  const byName = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const found = rules.map(({ from, reader }) => reader.read(metric.labels[from] ?? ''));
    const labels = Object.assign({}, ...found.map(withoutMissing), metric.labels) as Metric['labels'];
    const same = byName.get(metric.name) ?? [];
    same.push({ ...metric, labels });
    byName.set(metric.name, same);
  }
  return { byName, rates };
}

/** Groups that did not match are undefined. */
function withoutMissing(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** The selected series with their values. Pure. */
export function selectSeries(selection: Selection, scrape: Scrape): readonly Series[] {
  const partners = joinPartners(selection, scrape);
  const seen = new Set<string>();
  const series: Series[] = [];
  for (const metric of scrape.byName.get(selection.metric) ?? []) {
    if (!matches(metric.labels, selection.where)) continue;
    const partner = partners?.get(keyOf(metric.labels, selection.join?.on ?? []));
    if (partners !== undefined && partner === undefined) continue;
    const labels = { ...metric.labels, ...partner };
    const distinct = selection.distinct === undefined ? metric.key : keyOf(labels, selection.distinct);
    if (seen.has(distinct)) continue;
    seen.add(distinct);
    series.push({ labels, value: valueOf(metric, selection, scrape.rates) });
  }
  return series;
}

function valueOf(metric: Metric, selection: Pick<Selection, 'as'>, rates: Rates): number | undefined {
  switch (selection.as) {
    case 'value':
      return metric.value;
    case 'count':
      return 1;
    case 'rate':
      return rates.get(metric.key);
  }
}

/** Labels to add, by the values of the labels that tie both together. undefined: nothing to join. */
function joinPartners(
  { join }: Selection,
  scrape: Scrape,
): ReadonlyMap<string, Readonly<Record<string, string>>> | undefined {
  if (join === undefined) return undefined;
  const partners = new Map<string, Record<string, string>>();
  for (const { labels, value } of scrape.byName.get(join.metric) ?? []) {
    if (value !== join.value || !matches(labels, join.where)) continue;
    const taken = join.take.map((label) => [label, labels[label] ?? ''] as const);
    partners.set(keyOf(labels, join.on), Object.fromEntries(taken));
  }
  return partners;
}

export function matches(labels: Metric['labels'], where: Selection['where']): boolean {
  return Object.entries(where ?? {}).every(([label, condition]) => {
    const value = labels[label] ?? '';
    const isExclusion = typeof condition === 'object' && 'not' in condition;
    const listed = [isExclusion ? condition.not : condition].flat().includes(value);
    return isExclusion ? !listed : listed;
  });
}

function keyOf(labels: Metric['labels'], names: readonly string[]): string {
  return JSON.stringify(names.map((name) => labels[name] ?? ''));
}
