import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { countIn } from '../ledger/intervals.ts';
import type { Ledger, StoreLoss } from '../ledger/ledger.ts';
import type { SampleStore, StoreOpening } from '../store/sample-store.ts';

export interface StoreLossesDeps {
  readonly ledger: Ledger;
  readonly store: SampleStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Agents that one line of the log names. */
const NAMED_AGENTS = 20;
/** A store that remembers so many more epochs than the ledger forgets them. */
const SPARE_EPOCHS = 1_000;

/**
 * Compares what the store holds with what the ledger acknowledged, at each opening of the store. What is gone is declared lost: agents have
 * deleted it.
 */
export async function watchStoreLosses({ ledger, store, clock, log }: StoreLossesDeps): Promise<void> {
  const isAnother = ledger.storeKind !== undefined && ledger.storeKind !== store.kind;
  if (store.onOpened !== undefined) {
    let isFirst = true;
    await store.onOpened(async (opening) => {
      // What was acknowledged is in the other store; this one cannot have it.
      const isTakenOver = isFirst && isAnother;
      isFirst = false;
      if (isTakenOver || opening.held === undefined) {
        await opening.adopt(ledger.stored());
        log.warn(
          { store: store.name },
          'what was stored until now is taken for granted: it is in another store, or the list of batches is of an earlier version or could not be read',
        );
        return 0;
      }
      return await compare(opening, opening.held, { ledger, store, clock, log });
    });
  }
  if (ledger.storeKind !== store.kind) ledger.recordStoreKind(store.kind);
}

async function compare(
  opening: StoreOpening,
  held: NonNullable<StoreOpening['held']>,
  { ledger, store, clock, log }: StoreLossesDeps,
): Promise<number> {
  const losses = ledger.recordStoreLosses(held, clock.now());
  if (held.length > ledger.stored().length + SPARE_EPOCHS) await opening.adopt(ledger.stored());
  if (losses.length === 0) return 0;
  const { batches, ...sum } = sumOf(losses);
  log.error(
    { store: store.name, damage: opening.damage, batches, ...sum },
    'the store has lost batches that were acknowledged; they are declared lost',
  );
  return batches;
}

function sumOf(losses: readonly StoreLoss[]) {
  const agents = [...new Set(losses.map(({ agent }) => agent))];
  return {
    batches: losses.reduce((sum, { ranges }) => sum + countIn(ranges), 0),
    points: losses.reduce((sum, { points }) => sum + points, 0),
    agentCount: agents.length,
    agents: agents.slice(0, NAMED_AGENTS),
    from: new Date(Math.min(...losses.map(({ fromMs }) => fromMs))).toISOString(),
    to: new Date(Math.max(...losses.map(({ toMs }) => toMs))).toISOString(),
  };
}
