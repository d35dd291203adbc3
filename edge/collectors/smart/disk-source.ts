/** Report of one disk, or why there is none. */
export type DiskAnswer =
  | { readonly name: string; readonly text: string; readonly readAtMs: number }
  | { readonly name: string; readonly problem: string };

/** Source of reports. Rejects when no disk can be read; empty when there are no disks. */
export interface DiskSource {
  answers(signal: AbortSignal): Promise<readonly DiskAnswer[]>;
}

export const MAX_DISKS = 128;
export const MAX_REPORT_BYTES = 1024 * 1024;
