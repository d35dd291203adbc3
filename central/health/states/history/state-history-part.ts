import type { Part } from '../../../jobs/part.ts';
import type { StateDatabase } from '../../../state/database.ts';
import { openHistoryStore } from './history-store.ts';
import { StateHistory, type StateHistoryDeps } from './state-history.ts';

export interface StateHistoryPartDeps extends Omit<StateHistoryDeps, 'store'> {
  readonly database: StateDatabase;
}

export interface SharedStateHistory {
  readonly stateHistory: StateHistory;
}

const FLUSH_MS = 5_000;

export function createStateHistoryPart({
  database,
  ...deps
}: StateHistoryPartDeps): Part<SharedStateHistory> {
  const stateHistory = new StateHistory({ ...deps, store: openHistoryStore(database) });
  const flush = (): void => stateHistory.flush();
  return {
    shared: { stateHistory },
    jobs: [{ name: 'state history', everyMs: FLUSH_MS, run: flush }],
    save: { name: 'state history', run: flush },
  };
}
