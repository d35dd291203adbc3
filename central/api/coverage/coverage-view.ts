import { z } from 'zod';
import type { Device } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { isInService } from '../../health/states/in-service.ts';
import { MIN_SAMPLES, MINIMUM_RSRP_DBM } from '../../rollups/radio-sample.ts';
import { wilsonInterval } from '../../rollups/wilson-interval.ts';
import type { NetworkSums } from './read-coverage.ts';

const percent = z.number().min(0).max(100);

const counts = {
  samples: z.int().describe('readings of modems that say whether there is coverage'),
  coveredSamples: z
    .int()
    .describe(
      `of these, at ${MINIMUM_RSRP_DBM} dBm or above in 4G or 5G; a modem without a network, or in 3G or 2G, has none`,
    ),
  coveredPercent: percent
    .exactOptional()
    .describe(
      `share of the samples that are covered: radio availability, of which QCVN 81:2019 asks for 95 % at least; not there with fewer than ${MIN_SAMPLES} samples, of which nothing can be said`,
    ),
  atLeastPercent: percent.exactOptional().describe('lower end of its 95 % interval (Wilson)'),
  atMostPercent: percent.exactOptional().describe('upper end of its 95 % interval'),
  dips: z
    .int()
    .describe(
      'times that a modem lost level, quality or its network for 10 s or more, as gateways found them',
    ),
  dipS: z.number().describe('length of the dips that ended, s'),
  fallBacks: z.int().describe('times that a modem fell from 5G to a lower technology'),
};

const ratSchema = z.object({
  rat: z
    .string()
    .exactOptional()
    .describe('nr, nrnsa, lte, lte_ca; umts, gsm: 3G and 2G, none of them covered; none: without a network'),
  ...counts,
});

const operatorSchema = z.object({
  operator: z
    .string()
    .exactOptional()
    .describe('not there: modems without a network, of which it is not known which they had'),
  ...counts,
  rats: z.array(ratSchema).describe('the same by radio technology'),
});

export const unitCoverageSchema = z.object({
  unit: z.string(),
  name: z.string(),
  modems: z.int().describe('modems of the inventory that are in service'),
  completeness: z
    .number()
    .min(0)
    .max(1)
    .exactOptional()
    .describe(
      'share of the minutes of all modems in which something was measured in time; not there without modems. What came late from the backlog of an agent is in no count',
    ),
  ...counts,
  operators: z.array(operatorSchema).describe('by name; empty: nothing was measured'),
});
export type UnitCoverage = z.infer<typeof unitCoverageSchema>;

export interface CoverageQuestion {
  readonly operator: string | undefined;
  readonly rat: string | undefined;
  readonly minutes: number;
  /** Of the city. */
  readonly today: string;
}

/** Pure. Each of these units, also those of which nothing was measured, in the order of their codes. */
export function unitCoverages(
  { units, devices }: Pick<Inventory, 'units' | 'devices'>,
  sums: readonly NetworkSums[],
  question: CoverageQuestion,
): UnitCoverage[] {
  const byUnit = groupBy(sums, ({ unit }) => unit);
  const modems = countModems(devices, question.today);
  return [...units.values()].map(({ code, name }) => {
    const all = byUnit.get(code) ?? [];
    const wanted = all.filter(
      ({ operator, rat }) =>
        (question.operator === undefined || operator === question.operator) &&
        (question.rat === undefined || rat === question.rat),
    );
    const expected = modems.get(code) ?? 0;
    const measured = all.reduce((sum, { modemMinutes }) => sum + modemMinutes, 0);
    const operators = [...groupBy(wanted, ({ operator }) => operator)].sort(byName);
    return {
      unit: code,
      name,
      modems: expected,
      // Other devices may have a modem as well.
      ...(expected > 0 && { completeness: Math.min(1, measured / (expected * question.minutes)) }),
      ...countsOf(wanted),
      operators: operators.map(([operator, ofOperator]) => ({
        ...(operator !== undefined && { operator }),
        ...countsOf(ofOperator),
        rats: [...groupBy(ofOperator, ({ rat }) => rat)]
          .sort(byName)
          .map(([rat, ofRat]) => ({ ...(rat !== undefined && { rat }), ...countsOf(ofRat) })),
      })),
    };
  });
}

function countModems(devices: Inventory['devices'], today: string): ReadonlyMap<string, number> {
  const modems = new Map<string, number>();
  for (const device of devices.values())
    if (isModem(device) && isInService(device, today))
      modems.set(device.unit, (modems.get(device.unit) ?? 0) + 1);
  return modems;
}

function isModem({ kind, expects = [] }: Device): boolean {
  return kind === 'modem' || expects.some(({ measurement }) => measurement === 'cellular');
}

function countsOf(sums: readonly NetworkSums[]) {
  const sum = (name: 'samples' | 'covered' | 'dips' | 'dipS' | 'fallBacks'): number =>
    sums.reduce((total, each) => total + each[name], 0);
  const [samples, covered] = [sum('samples'), sum('covered')];
  return {
    samples,
    coveredSamples: covered,
    ...(samples >= MIN_SAMPLES && shareOf(covered, samples)),
    dips: sum('dips'),
    dipS: sum('dipS'),
    fallBacks: sum('fallBacks'),
  };
}

function shareOf(covered: number, samples: number) {
  const { low, high } = wilsonInterval(covered, samples);
  return {
    coveredPercent: (100 * covered) / samples,
    atLeastPercent: 100 * low,
    atMostPercent: 100 * high,
  };
}

function groupBy<T, K>(list: readonly T[], keyOf: (entry: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const entry of list) {
    const key = keyOf(entry);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** What has no name comes last. */
function byName(
  [a]: readonly [string | undefined, unknown],
  [b]: readonly [string | undefined, unknown],
): number {
  return (
    Number(a === undefined) - Number(b === undefined) ||
    Number((a ?? '') > (b ?? '')) - Number((a ?? '') < (b ?? ''))
  );
}
