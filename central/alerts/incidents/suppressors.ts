import { severityRank } from '../rules/severity.ts';
import type { Suppression, Suppressor } from '../suppression/suppression.ts';
import type { IncidentBook } from './book.ts';
import { isCovered } from './closing.ts';
import { HEAD_WAIT_MS, isFollowing, type Incident, type OpenAlert } from './incident.ts';
import { RETURN_MS, returnMsOf, stayMsOf } from './staying.ts';
import type { Places } from '../suppression/subjects.ts';

/** `parent`, then `power`: each alert hangs on one root, so that one of them takes it at most. */
export function createSuppressors(
  book: Pick<IncidentBook, 'alerts'>,
  places: Pick<Places, 'nameOf'>,
): readonly Suppressor[] {
  const suppressorOf = (kind: 'parent' | 'power'): Suppressor => ({
    suppressionOf: ({ id }) => {
      const alert = book.alerts.get(id);
      return alert?.place?.kind === kind ? suppressionIn(alert, places) : undefined;
    },
  });
  return [suppressorOf('parent'), suppressorOf('power')];
}

const SHARED = 'has one alert that stands for all';

/** Another alert about the root, or about what it does to a service, is news only if it is graver than what was told of the root already. */
function isToldWith(alert: OpenAlert, { head, members }: Incident): boolean {
  const rank = severityRank(alert.facts.severity);
  return [...members].some(
    (member) =>
      member !== alert &&
      (member === head || member.place?.wasTold === true) &&
      member.place?.relation === 'root' &&
      severityRank(member.facts.severity) >= rank,
  );
}

/** Who is told of critical alerts alone must hear of it: the head, and others that were told, are milder. */
function isGraverThanTold(alert: OpenAlert, { head, members }: Incident): boolean {
  const rank = severityRank(alert.facts.severity);
  const isTold = (member: OpenAlert): boolean => member === head || member.place?.wasTold === true;
  return ![...members].some((member) => isTold(member) && severityRank(member.facts.severity) >= rank);
}

/**
 * Why nobody is told of an alert because of what it hangs on; undefined: it is the head, hangs on nothing, or was told before its root was
 * known. Pure.
 */
export function suppressionIn(alert: OpenAlert, places: Pick<Places, 'nameOf'>): Suppression | undefined {
  const { place } = alert;
  if (place === undefined || place.wasTold) return undefined;
  const { incident, kind, isShared, causeLostAtMs, isEcho } = place;
  const { root, head, headlessSinceMs, closing, followed } = incident;
  if (root === undefined || head === alert) return undefined;
  const name = places.nameOf(root);
  const what = isShared ? SHARED : kind === 'power' ? 'has no power' : 'is down or cut off';
  if (causeLostAtMs !== undefined && isEcho === true)
    return { kind, by: root, reason: `${name} is back: this tells of the time before that` };
  if (causeLostAtMs !== undefined) {
    const returnMs = returnMsOf(alert);
    const reason =
      returnMs > RETURN_MS
        ? `${name} has power again, and the battery has some hours to be charged`
        : `${name} is back, or there is a way round it: it has some minutes to come back, too`;
    return { kind, by: root, reason, untilMs: causeLostAtMs + stayMsOf(alert) };
  }
  if (isFollowing(alert, followed))
    return { kind, by: root, reason: `what was told of ${name} is over: this has some minutes to end, too` };
  if (isCovered(closing, alert.facts.severity))
    return { kind, by: root, reason: `${name} ${what}: ${closing.by} has closed its alert` };
  // What looks back waits for what says that something is down: that is the news.
  const waits = place.relation === 'behind' || (alert.looksBack && head === undefined);
  if (!waits && !isToldWith(alert, incident)) return undefined;
  if (head !== undefined && isGraverThanTold(alert, incident)) return undefined;
  if (head !== undefined) return { kind, by: root, reason: `${name} ${what}` };
  const reason = `${name} ${what}: its own alert is awaited`;
  return { kind, by: root, reason, untilMs: headlessSinceMs + HEAD_WAIT_MS };
}
