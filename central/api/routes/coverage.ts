import { z } from 'zod';
import { UNIT_CODE_PATTERN } from '../../../contract/inventory.ts';
import { MOBILE_OPERATORS } from '../../../contract/mobile-operators.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { dayOf } from '../../health/states/in-service.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { MINIMUM_RSRP_DBM } from '../../rollups/radio-sample.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import { unitCoverages, unitCoverageSchema, type UnitCoverage } from '../coverage/coverage-view.ts';
import { readCoverage, type NetworkSums } from '../coverage/read-coverage.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, WHOLE_LIST, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { availabilityFields, availabilityOf } from '../series/availability.ts';
import { suggestionFor } from '../suggestion.ts';
import { presentOf, rangeOf, rangeParameters, type TimeRange } from '../times/time-range.ts';

export interface CoverageRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly questions: Pick<SampleStore, 'sums'>;
  readonly inventory: Pick<Inventory, 'units' | 'devices'>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** So long after its end a minute is stored at the latest. */
const WRITTEN_AFTER_MS = 20_000;

const ORDERS = ['unit', 'worst'] as const;
/** As tag `rat` of `cellular`. */
const RATS = ['nr', 'nrnsa', 'lte', 'lte_ca', 'umts', 'gsm', 'none'] as const;

/** How much of the radio samples found coverage, by unit, operator and technology. */
export function coverageRoute(app: App, deps: CoverageRouteDeps): void {
  app.get(
    '/coverage',
    {
      config: {
        limits: 'filtered',
        problems: ['QUERY_REFUSED', 'QUERY_TOO_SLOW', 'STORE_UNAVAILABLE'],
        mobileOperator: true,
      },
      schema: {
        tags: ['City'],
        summary:
          'Coverage of mobile networks: share of samples at the minimum level, by unit, operator and technology',
        querystring: z.object({
          ...pageQuery(WHOLE_LIST),
          ...rangeParameters('a day'),
          unit: z.string().optional(),
          operator: z
            .string()
            .max(64)
            .optional()
            .meta({
              description: `only modems in the network of this operator, one of ${MOBILE_OPERATORS.join(', ')}, or MCC-MNC abroad`,
              example: 'viettel',
            }),
          rat: z.enum(RATS).optional().describe('only samples of this radio technology'),
          order: z
            .enum(ORDERS)
            .default('unit')
            .describe('by the code of the unit, or the least share first and those without one last'),
        }),
        response: {
          200: pageOf(unitCoverageSchema).extend({
            fromMs: unixMs.describe('begin of the first minute'),
            toMs: unixMs.describe('end of the last minute that is over'),
            minimumRsrpDbm: z.number().describe('level from which on a sample is covered, dBm'),
            ...availabilityFields,
          }),
        },
      },
    },
    async ({ query, signal, reach }) => {
      const present = presentOf(deps, query.tz);
      const range = wholeMinutes(rangeOf(query, present, DAY_MS), present.nowMs);
      const { unit, operator, rat, order } = query;
      const { sums, held } = await readCoverage(deps.questions, { ...range, unit }, signal);
      assertOperator(operator, sums);
      const { day: today } = dayOf(present.nowMs, deps.timeZone);
      const minutes = (range.toMs - range.fromMs) / MINUTE_MS;
      const all = unitCoverages(deps.inventory, sums, { operator, rat, minutes, today }).filter(
        (each) => (unit === undefined || each.unit === unit) && reach?.has('unit', each.unit) !== false,
      );
      const key = KEYS[order];
      const sorted = all
        .map((each) => ({ each, at: key.of(each) }))
        .sort((a, b) => Number(a.at > b.at) - Number(a.at < b.at))
        .map(({ each }) => each);
      const { availableFromMs, resolution } = availabilityOf(range, held);
      return {
        ...pageOfSorted(sorted, key, query),
        ...range,
        minimumRsrpDbm: MINIMUM_RSRP_DBM,
        ...(availableFromMs !== undefined && { availableFromMs }),
        resolution,
      };
    },
  );
}

/** A share with so many decimals is the same text wherever it is compared. */
const shareKey = ({ coveredPercent, unit }: UnitCoverage): string =>
  `worst ${coveredPercent === undefined ? 'none' : coveredPercent.toFixed(9).padStart(13, '0')} ${unit}`;

const KEYS: Readonly<Record<(typeof ORDERS)[number], ListKey<UnitCoverage>>> = {
  unit: { of: ({ unit }) => unit, pattern: UNIT_CODE_PATTERN },
  worst: { of: shareKey, pattern: /^worst (?:none|\d{3}\.\d{9}) \d{5}$/ },
};

/** From the begin of the first minute to the end of the last one that is stored; one minute at least. */
function wholeMinutes({ fromMs, toMs }: TimeRange, nowMs: number): TimeRange {
  const endMs = Math.floor((nowMs - WRITTEN_AFTER_MS) / MINUTE_MS) * MINUTE_MS;
  const last = Math.min(Math.ceil(toMs / MINUTE_MS) * MINUTE_MS, endMs);
  return { fromMs: Math.min(Math.floor(fromMs / MINUTE_MS) * MINUTE_MS, last - MINUTE_MS), toMs: last };
}

/** An answer without any sample would look as if an operator that does not exist had none. */
function assertOperator(operator: string | undefined, sums: readonly NetworkSums[]): void {
  const known = [...new Set([...MOBILE_OPERATORS, ...sums.flatMap((each) => each.operator ?? [])])];
  if (operator === undefined || known.includes(operator)) return;
  const detail = `querystring.operator: expected the operator of a mobile network, got "${operator}"${suggestionFor(operator, known)}`;
  throw new ApiError('UNKNOWN_NAME', detail, { problems: [detail] });
}
