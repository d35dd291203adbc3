import { encodeBatch, encodeSamples } from '../../../contract/codec.ts';

export interface CanaryBatch {
  readonly epoch: string;
  readonly seq: number;
  /** Of each slot that is named: whether the fault is there. */
  readonly slots: ReadonlyMap<string, boolean>;
  readonly nowMs: number;
}

const SLOTS = 60;

/** Each minute of an hour has its own, so that none raises its alert often enough to flap. Pure. */
export function slotAt(nowMs: number): string {
  return String(Math.floor(nowMs / 60_000) % SLOTS).padStart(2, '0');
}

export function allSlots(): readonly string[] {
  return Array.from({ length: SLOTS }, (_, at) => String(at).padStart(2, '0'));
}

/** As an agent sends it. What is lost on its way is never declared lost: `lowest` says that it is still there. Pure. */
export function encodeCanary({ epoch, seq, slots, nowMs }: CanaryBatch): Buffer {
  const samples = [...slots].map(([slot, isFault]) => ({
    measurement: 'canary',
    tags: { slot },
    fields: { is_fault: isFault },
    timeMs: nowMs,
  }));
  const body = encodeSamples(samples).bodies[0]?.bytes ?? Buffer.alloc(0);
  return encodeBatch({ epoch, seq, lowest: 1, sentAtMs: nowMs, backfill: false }, body);
}
