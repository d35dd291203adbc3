import { severityRank, type Severity } from '../alerts/rules/severity.ts';
import type { Outbox } from './outbox/outbox.ts';

export interface ToldInIncidentDeps {
  readonly outbox: Pick<Outbox, 'tellings'>;
  /** Ids of the open alerts of its incident, itself among them; none where it is of no incident whose root is known. */
  readonly openWith: (alertId: string) => readonly string[];
}

/**
 * What channels know of an incident by any of its open alerts, as of one moment: each incident is looked up once for each channel. Not to be kept
 * for longer than nothing is written.
 */
export class ToldInIncident {
  readonly #deps: ToldInIncidentDeps;
  /** Rank of the gravest that was told, by the channel and the first open alert of the incident. */
  readonly #gravest = new Map<string, Map<string, number>>();

  constructor(deps: ToldInIncidentDeps) {
    this.#deps = deps;
  }

  /** Whether the channel was told of an open alert of the same incident that is as grave, and not yet of its end. */
  isAsGrave(
    channel: string,
    { id, severity }: { readonly id: string; readonly severity: Severity },
  ): boolean {
    const members = this.#deps.openWith(id);
    const [first] = members;
    if (first === undefined) return false;
    const ofChannel = this.#gravest.get(channel) ?? new Map<string, number>();
    this.#gravest.set(channel, ofChannel);
    const rank = ofChannel.get(first) ?? this.#gravestOf(channel, members);
    ofChannel.set(first, rank);
    return rank >= severityRank(severity);
  }

  #gravestOf(channel: string, members: readonly string[]): number {
    return members.reduce((gravest, member) => {
      const { told, owed, toldSeverity } = this.#deps.outbox.tellings.find(channel, member) ?? {};
      const isKnown = told === 'open' && (owed === undefined || owed === 'change');
      return isKnown && toldSeverity !== undefined ? Math.max(gravest, severityRank(toldSeverity)) : gravest;
    }, -Infinity);
  }
}
