import { vi } from 'vitest';

/** Waits until the check passes. Patient: how long it takes is not what is tested, and the machine may be busy with other tests. */
export function until<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 20 });
}
