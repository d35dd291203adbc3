import { setMaxListeners } from 'node:events';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { isFinding, type Finding, type Refusal } from './finding.ts';
import { probeAddress, type ProbeDeps } from './probe.ts';

export interface DiscoverOptions extends Omit<ProbeDeps, 'bucket'> {
  readonly addresses: readonly string[];
  readonly packetsPerS: number;
  /** Once an address has been asked; in the order of the answers. */
  readonly onProbed?: (doneCount: number) => void;
}

export interface Discovered {
  /** In the order of their addresses. */
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
  /** How many addresses were asked: fewer than there are when it was called off. */
  readonly askedCount: number;
}

/** Addresses that are asked at the same time. */
const MAX_PARALLEL = 64;

/** Asks every address. Called off, it gives what it has found by then; it does not reject for that. */
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
  let askedCount = 0;
  const isOver = (): boolean => run.signal.aborted;
  const work = async (): Promise<void> => {
    for (let at = next++; at < addresses.length; at = next++) {
      if (isOver()) return;
      try {
        const probed = await probeAddress(addresses[at] ?? '', { ...options, bucket }, run.signal);
        if (probed !== undefined) found.set(at, probed);
        onProbed?.(++askedCount);
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
    askedCount,
  };
}
