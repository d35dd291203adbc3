import { messageOf } from '../../../runtime/errors.ts';
import type { Burst } from '../../protocols/ping/burst.ts';

export const METHODS = ['icmp', 'tcp', 'http'] as const;
export type Method = (typeof METHODS)[number];

/** One method of measuring. Rejects when it cannot be used here: nothing is known of the target then. */
export interface Measurer {
  readonly method: Method;
  readonly measure: () => Promise<Burst>;
}

export interface Measured {
  readonly method: Method;
  readonly burst: Burst;
}

/**
 * Tries the methods in turn until one is answered. When none is, the first that could be used is the result (total loss).
 * Rejects when none could be used, with the error of each.
 */
export async function measureFirstAnswered(
  measurers: readonly Measurer[],
  signal: AbortSignal,
): Promise<Measured> {
  const problems: string[] = [];
  let lost: Measured | undefined;
  for (const { method, measure } of measurers) {
    try {
      const burst = await measure();
      if (burst.received > 0) return { method, burst };
      lost ??= { method, burst };
    } catch (error) {
      signal.throwIfAborted();
      problems.push(`${method}: ${messageOf(error)}`);
    }
  }
  if (lost !== undefined) return lost;
  throw new Error(problems.join('; '));
}

/** `first`, where given, before the others. */
export function inOrder<T extends { readonly method: Method }>(
  measurers: readonly T[],
  first: Method | undefined,
): T[] {
  return [
    ...measurers.filter(({ method }) => method === first),
    ...measurers.filter(({ method }) => method !== first),
  ];
}
