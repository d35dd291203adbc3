import type { TargetGuard } from '../../runtime/dial/target-guard.ts';

/** What the config of a collector may reach, where it came from central. */
export interface CollectorGuard extends TargetGuard {
  /** Why a file or directory must not be opened, links followed; undefined: it may. */
  fileRefusal(path: string): string | undefined;
}

/** Throws why it must not be opened. To be called before each file that was found, and not named by a setting. */
export function requirePermittedFile(guard: CollectorGuard | undefined, path: string): void {
  const refusal = guard?.fileRefusal(path);
  if (refusal !== undefined) throw new Error(refusal);
}
