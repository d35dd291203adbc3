import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { isInOneOf, kindsParameter } from '../kinds-parameter.ts';
import { pageOfSorted, type ListKey, type Page, type PageQuery } from '../paging.ts';
import { searchParameter } from '../search-parameter.ts';
import type { State } from '../../health/states/state-view.ts';
import type { PointInTime } from '../times/point-in-time.ts';
import { presentOf, timeOf, timeZoneParameter } from '../times/time-range.ts';
import { orderedPage } from './ordered-page.ts';

const ORDERS = ['id', 'state', 'since'] as const;
/** Of devices, sites and links, the gravest first: what is lost before what nobody can say. */
export const GRAVEST_FIRST = ['down', 'unreachable', 'unknown', 'up'] as const satisfies readonly State[];

/** The parameters of every list of what is in a state; `states`: the gravest first. */
export function elementParameters<Word extends string>(
  states: readonly [Word, ...Word[]],
  { searched, leavesOut = '' }: { readonly searched: string; readonly leavesOut?: string },
) {
  return {
    state: kindsParameter(states, `only those in one of these states${leavesOut}`),
    since: timeOf('only those that came into their state at that time or later', '-1h'),
    tz: timeZoneParameter,
    q: searchParameter(searched),
    order: z
      .enum(ORDERS)
      .default('id')
      .describe(
        'by id; by state, the gravest first and of one state the longest in it; or by when they came into their state, the latest first',
      ),
  };
}

export interface ElementQuery<Word extends string> extends PageQuery {
  readonly state?: ReadonlySet<Word> | undefined;
  readonly since?: PointInTime | undefined;
  readonly tz?: string | undefined;
  readonly order: (typeof ORDERS)[number];
}

interface Moment<Word> {
  readonly state: Word;
  readonly sinceMs: number;
}

export interface ElementList<T, Word extends string> {
  readonly key: ListKey<T>;
  /** The gravest first. */
  readonly states: readonly Word[];
  /** undefined: not in service. */
  readonly momentOf: (item: T) => Moment<Word> | undefined;
}

/** A page of those that are in the states asked for, in the order asked for; `items` in the order of their ids. Throws an ApiError. */
export function elementPage<T, Word extends string>(
  items: readonly T[],
  { key, states, momentOf }: ElementList<T, Word>,
  query: ElementQuery<Word>,
  central: { readonly clock: Pick<Clock, 'now'>; readonly timeZone: string },
): Page<T> {
  const { state, since } = query;
  const present = presentOf(central, query.tz);
  const sinceMs = since?.(present);
  const isWanted = (item: T): boolean => {
    const moment = momentOf(item);
    return isInOneOf(state, moment?.state) && (sinceMs === undefined || (moment?.sinceMs ?? 0) >= sinceMs);
  };
  const wanted = state === undefined && sinceMs === undefined ? items : items.filter(isWanted);
  if (query.order === 'id') return pageOfSorted(wanted, key, query);
  const valuesOf = (item: T): readonly number[] => {
    const moment = momentOf(item);
    // What is not in service comes last.
    if (query.order === 'since') return [-(moment?.sinceMs ?? 0)];
    return moment === undefined ? [states.length, 0] : [states.indexOf(moment.state), moment.sinceMs];
  };
  return orderedPage(wanted, key, { name: query.order, valuesOf }, query);
}
