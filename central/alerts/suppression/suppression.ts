import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { Severity } from '../rules/severity.ts';

/**
 * Why nobody is told of an alert at present, in the order in which they are asked: of several the first counts. What is suppressed is
 * judged, recorded and listed all the same, and whoever was told of its beginning is told of its end.
 */
export const SUPPRESSION_KINDS = ['maintenance', 'shelved', 'silenced', 'parent', 'power'] as const;

export const suppressionSchema = z.object({
  kind: z
    .enum(SUPPRESSION_KINDS)
    .describe(
      'maintenance: a window takes it; shelved, silenced: a person did so; parent: the way to it is down or cut; ' +
        'power: its site has no power',
    ),
  reason: z.string().describe('in words, with the name of what suppresses it'),
  by: z
    .string()
    .describe(
      'id of the maintenance window or silence, or the root such as site:hub-03; of a shelved alert its own id',
    ),
  untilMs: unixMs.exactOptional().describe('when it ends by itself, where that is known'),
});
export type Suppression = Readonly<z.infer<typeof suppressionSchema>>;

/** What suppression goes by. */
export interface SuppressibleAlert {
  readonly id: string;
  readonly rule: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly severity: Severity;
  readonly agent: string;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly startedAtMs: number;
}

/** One reason to tell nobody. Asked about each open alert that was not told, each second: must be cheap and must not throw. */
export interface Suppressor {
  suppressionOf(alert: SuppressibleAlert, nowMs: number): Suppression | undefined;
}

/** The first that takes it. */
export function firstSuppression(suppressors: readonly Suppressor[]): Suppressor {
  return {
    suppressionOf: (alert, nowMs) => {
      for (const suppressor of suppressors) {
        const suppression = suppressor.suppressionOf(alert, nowMs);
        if (suppression !== undefined) return suppression;
      }
      return undefined;
    },
  };
}
