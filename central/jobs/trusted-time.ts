import type { Clock } from '../../runtime/clock.ts';
import { retentionLimitMs, type RetentionInputs } from './retention-limit.ts';

export interface TrustedTimeDeps {
  readonly clock: Pick<Clock, 'now'> & {
    standing(): { readonly isAgreed: boolean; readonly isCertain: boolean };
  };
  /** Newest sample of any agent that was stored since the start; undefined: none was. */
  readonly newestMeasuredAtMs: () => number | undefined;
}

/** Whether the time is sure enough to delete what is old. */
export interface TrustedTime {
  readonly isSure: () => boolean;
  readonly read: () => Omit<RetentionInputs, 'retentionMs'>;
  /** Before when what is kept for so long may be deleted; undefined: nothing may be, the time is in doubt. */
  readonly deleteBeforeMs: (keptMs: number) => number | undefined;
}

export function createTrustedTime({ clock, newestMeasuredAtMs }: TrustedTimeDeps): TrustedTime {
  const isSure = (): boolean => {
    const { isAgreed, isCertain } = clock.standing();
    return isAgreed && isCertain;
  };
  const read = (): Omit<RetentionInputs, 'retentionMs'> => ({
    nowMs: clock.now(),
    newestMeasuredAtMs: newestMeasuredAtMs(),
    areClocksAgreed: isSure(),
  });
  return { isSure, read, deleteBeforeMs: (retentionMs) => retentionLimitMs({ ...read(), retentionMs }) };
}
