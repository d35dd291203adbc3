import type { FieldDefinition, FieldType } from '../../../contract/catalogue.ts';
import type { Across, Aggregate } from '../../store/sample-store.ts';
import { ApiError } from '../problem.ts';

export const AGGREGATES = [
  'mean',
  'min',
  'max',
  'sum',
  'count',
  'first',
  'last',
  'p50',
  'p95',
  'p99',
  'share',
] as const satisfies readonly Aggregate[];

export const ACROSS = [
  'sum',
  'mean',
  'max',
  'min',
  'count',
  'p50',
  'p95',
  'p99',
] as const satisfies readonly Across[];

/** Shares of several series are put together by these only. */
const ACROSS_SHARES: readonly Across[] = ['sum', 'mean'];

interface Choice {
  readonly field: string;
  readonly aggregate?: Aggregate | undefined;
  readonly across?: Across | undefined;
}

/** Throws an ApiError that names what there is for the type of the field. The default is the mean: whoever leaves it out must learn what else there is. */
export function assertAggregates({ type }: FieldDefinition, { field, aggregate, across }: Choice): void {
  const taken = aggregate ?? 'mean';
  const possible = AGGREGATES.filter((each) => isPossible(each, type));
  if (!possible.includes(taken)) {
    const expected = `expected ${possible.join(', ')} for "${field}", which is ${type}`;
    throw refused(`querystring.aggregate: ${expected}, got "${taken}" (mean without it)`);
  }
  if (across === undefined) return;
  const ways = ACROSS.filter((each) => canPutTogether(each, taken, type));
  if (ways.includes(across)) return;
  const what = taken === 'share' ? `shares of "${field}"` : `"${field}", which is ${type}`;
  throw refused(`querystring.across: expected ${ways.join(' or ')} for ${what}, got "${across}"`);
}

function isPossible(aggregate: Aggregate, type: FieldType): boolean {
  switch (aggregate) {
    case 'count':
    case 'first':
    case 'last':
      return true;
    case 'share':
      return type !== 'float';
    case 'mean':
      return type !== 'string';
    default:
      return isNumeric(type);
  }
}

function canPutTogether(across: Across, aggregate: Aggregate, type: FieldType): boolean {
  if (aggregate === 'share') return ACROSS_SHARES.includes(across);
  if (isNumeric(type) || aggregate === 'count' || aggregate === 'mean') return true;
  return across === 'count';
}

function isNumeric(type: FieldType): boolean {
  return type === 'float' || type === 'int';
}

function refused(detail: string): ApiError {
  return new ApiError('QUERY_REFUSED', detail);
}
