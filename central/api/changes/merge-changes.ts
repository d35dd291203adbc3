import { CHANGE_KINDS, type Change, type ChangesQuery, type ChangeSource } from './change-source.ts';

/** Where a page ended: changes are in the order of time, then kind, then number. */
export type ChangePosition = Pick<Change, 'atMs' | 'kind' | 'number'>;

export interface MergeQuery extends Omit<ChangesQuery, 'afterNumber'> {
  /** Where the range is counted from now, it may have passed by this: what comes behind it is still due. */
  readonly after?: ChangePosition | undefined;
}

/** Of all sources, in the order of time; at most `limit`. */
export function mergeChanges(sources: readonly ChangeSource[], query: MergeQuery): Change[] {
  const { after, ...range } = query;
  return sources
    .flatMap((source) => source.read({ ...range, ...begin(source, range.fromMs, after) }))
    .sort(inOrder)
    .slice(0, query.limit);
}

function begin(
  { kind }: ChangeSource,
  fromMs: number,
  after: ChangePosition | undefined,
): Pick<ChangesQuery, 'fromMs' | 'afterNumber'> {
  if (after === undefined) return { fromMs, afterNumber: -1 };
  const order = rankOf(kind) - rankOf(after.kind);
  if (order < 0) return { fromMs: after.atMs + 1, afterNumber: -1 };
  return { fromMs: after.atMs, afterNumber: order === 0 ? after.number : -1 };
}

function inOrder(a: ChangePosition, b: ChangePosition): number {
  return a.atMs - b.atMs || rankOf(a.kind) - rankOf(b.kind) || a.number - b.number;
}

function rankOf(kind: Change['kind']): number {
  return CHANGE_KINDS.indexOf(kind);
}
