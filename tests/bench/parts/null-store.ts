import type { SampleStore } from '../../../central/store/sample-store.ts';

/** Accepts everything and stores nothing. */
export const nullStore: SampleStore = {
  name: 'null store',
  grouping: { delayMs: 5, maxPoints: 5_000 },
  open: () => Promise.resolve(),
  write: () => Promise.resolve([]),
  query: () => Promise.resolve({ series: [], truncated: false }),
  latest: () => Promise.resolve([]),
  deleteBefore: () => Promise.resolve(),
  close: () => Promise.resolve(),
};
