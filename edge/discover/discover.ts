import { setMaxListeners } from 'node:events';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { isFinding, type Finding, type Refusal } from './finding.ts';
import { probeAddress, type ProbeDeps } from './probe.ts';

export interface DiscoverOptions extends Omit<ProbeDeps, 'bucket'> {
  readonly addresses: readonly string[];
  readonly packetsPerS: number;
  /** Called after each address, in the order of completion. */
  readonly onProbed?: (doneCount: number) => void;
}

export interface Discovered {
  /** In the order of their addresses. */
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
  /** Addresses that were probed: fewer than all if it was aborted. */
  readonly probedCount: number;
}

/** Addresses probed at the same time. */
const MAX_PARALLEL = 64;

/** Probes every address. If aborted it resolves with what it has found so far. */
export async function discover(options: DiscoverOptions, signal: AbortSignal): Promise<Discovered> {
  const { addresses, packetsPerS, onProbed, clock } = options;
  const bucket = new TokenBucket({ capacity: 1, refillPerS: packetsPerS }, clock.monotonicMs());
  const run = new AbortController();
  setMaxListeners(0, run.signal);
  const onAbort = (): void => run.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const found = new Map<number, Finding | Refusal>();
  let next = 0;
  let probedCount = 0;
  const isOver = (): boolean => run.signal.aborted;
  const work = async (): Promise<void> => {
    for (let at = next++; at < addresses.length; at = next++) {
      if (isOver()) return;
      try {
        const probed = await probeAddress(addresses[at] ?? '', { ...options, bucket }, run.signal);
        if (probed !== undefined) found.set(at, probed);
        onProbed?.(++probedCount);
      } catch (error) {
        if (!isOver()) throw error;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  const inOrder = [...found].sort(([a], [b]) => a - b).map(([, probed]) => probed);
  return {
    findings: inOrder.filter(isFinding),
    refusals: inOrder.filter((probed): probed is Refusal => !isFinding(probed)),
    probedCount,
  };
}
