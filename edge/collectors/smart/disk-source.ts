/** One disk as it was asked, or why it could not be. */
export type DiskAnswer =
  | { readonly name: string; readonly text: string; readonly readAtMs: number }
  | { readonly name: string; readonly problem: string };

/** Where reports of disks come from. Rejects when nothing at all can be asked; empty where there is nothing to ask. */
export interface DiskSource {
  answers(signal: AbortSignal): Promise<readonly DiskAnswer[]>;
}

export const MAX_DISKS = 128;
export const MAX_REPORT_BYTES = 1024 * 1024;
