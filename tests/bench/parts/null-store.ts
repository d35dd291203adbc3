import type { SampleStore } from '../../../central/store/sample-store.ts';

/** Accepts everything and stores nothing. */
export const nullStore: SampleStore = {
  kind: 'none',
  name: 'null store',
  grouping: { delayMs: 5, maxPoints: 5_000 },
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
  latest: () => Promise.resolve([]),
  rollUp: () => Promise.resolve(false),
  deleteBefore: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
