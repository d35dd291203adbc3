import type { StoreRejection } from './sample-store.ts';

/** A rejection and the description of its row, with the texts of its tags. */
const BYTES_A_REJECTION = 800;
const BYTES_A_CHAR = 2;

/** What the refused rows of a prepared batch take in memory, estimated. */
export function refusedBytes(rejections: readonly StoreRejection[]): number {
  return rejections.reduce((sum, { reason }) => sum + BYTES_A_REJECTION + BYTES_A_CHAR * reason.length, 0);
}
