import type { SampleStore } from '../../central/store/sample-store.ts';

/** Confirms every batch and keeps none: alerts are judged before anything is stored. */
export const discardingStore: SampleStore = {
  kind: 'none',
  name: 'discarding store',
  grouping: { delayMs: 500, maxPoints: 50_000 },
  open: () => Promise.resolve(),
  prepare: ({ agent, epoch, seq }) => ({
    agent,
    epoch,
    seq,
    bytes: 1_000,
    describe: () => ({ measurement: '', raw: undefined, values: 0 }),
  }),
  write: () => Promise.resolve([]),
  query: () => Promise.resolve({ series: [], truncated: false }),
  sums: () => Promise.resolve({ groups: [], truncated: false }),
  latest: () => Promise.resolve([]),
  rollUp: () => Promise.resolve(false),
  deleteBefore: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
