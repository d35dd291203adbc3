import type { Shelf } from '../history/alert-handling.ts';
import { severityRank } from '../rules/severity.ts';
import type { Suppressor } from '../suppression/suppression.ts';

/** Nobody is told of an alert on the shelf, unless it is graver than when it was put there. */
export function shelvedSuppressor(shelved: ReadonlyMap<string, Shelf>): Suppressor {
  return {
    suppressionOf: ({ id, severity }, nowMs) => {
      const shelf = shelved.get(id);
      if (shelf === undefined || nowMs >= shelf.untilMs) return undefined;
      if (severityRank(severity) > severityRank(shelf.severity)) return undefined;
      const { by, text, untilMs } = shelf;
      return { kind: 'shelved', reason: `shelved by ${by}: ${text}`, by: id, untilMs };
    },
  };
}
