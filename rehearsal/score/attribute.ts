import type { AlertView } from '../../central/alerts/history/alert.ts';
import type { CityMap } from '../truth/city-map.ts';
import { isSymptom, type Trouble } from '../truth/trouble.ts';

export type AlertFact = Pick<
  AlertView,
  'id' | 'rule' | 'entity' | 'agent' | 'startedAtMs' | 'firedAtMs' | 'resolvedAtMs'
>;

/** A breach is seen at the next measurement, and by the clock of central. */
const SLACK_MS = 15_000;
/** An agent is silent since it was heard last, which of a server is up to a minute before that. */
const SERVER_SILENT_SLACK_MS = 75_000;
/** Within it those that were only cut off are heard again. */
const MASK_SLACK_MS = 60_000;

/** What an alert is about, as refs; the first is what it names. Of a server the tag `device` may be a disk. Pure. */
export function refsOf(
  { entity, agent }: Pick<AlertFact, 'entity' | 'agent'>,
  map: CityMap,
): readonly string[] {
  const refs: string[] = [];
  const { device, host, link, service, pool, unit, site } = entity;
  for (const id of [device, host, entity['agent']])
    if (id !== undefined && map.siteOfDevice(id) !== undefined) refs.push(`device:${id}`);
  if (link !== undefined) refs.push(`link:${link}`);
  if (service !== undefined) refs.push(`service:${service}`);
  if (pool !== undefined) refs.push(`pool:${pool}`);
  if (unit !== undefined) refs.push(`unit:${unit}`);
  if (site !== undefined) refs.push(`site:${site}`);
  if (entity['agent'] !== undefined) refs.push(`agent:${entity['agent']}`);
  return refs.length > 0 ? refs : [`agent:${agent}`];
}

/**
 * What failed behind a cut shows only when the cut is over: its agent was silent before that, and still is. It is the same alert, and now it is
 * this trouble's.
 */
function outlivesMask(alert: AlertFact, { due, fromMs }: Trouble): boolean {
  if (due === undefined || due.visibleFromMs <= fromMs || !isSymptom({ symptoms: due.rules }, alert.rule))
    return false;
  const endMs = alert.resolvedAtMs ?? Infinity;
  return alert.startedAtMs < due.visibleFromMs && endMs > due.visibleFromMs + MASK_SLACK_MS;
}

/** Finds what an alert follows from. */
export class Attribution {
  readonly #byRef = new Map<string, Trouble[]>();
  readonly #map: CityMap;

  constructor(troubles: readonly Trouble[], map: CityMap) {
    this.#map = map;
    for (const trouble of troubles)
      for (const ref of trouble.reach) this.#byRef.set(ref, [...(this.#byRef.get(ref) ?? []), trouble]);
  }

  /** None: it is about nothing that is wrong. Of several each may be the cause; the likeliest first: what went on as it began, and began last. */
  causesOf(alert: AlertFact): readonly Trouble[] {
    const refs = refsOf(alert, this.#map);
    const slackMs = this.#slackMsOf(alert);
    const isGoingOn = ({ toMs }: Trouble): number => Number(toMs > alert.startedAtMs);
    const causes = new Set(refs.flatMap((ref) => this.#byRef.get(ref) ?? []));
    const possible = [...causes].filter(
      (trouble) =>
        isSymptom(trouble, alert.rule) &&
        ((alert.firedAtMs >= trouble.fromMs &&
          alert.startedAtMs >= trouble.fromMs - slackMs &&
          alert.startedAtMs <= trouble.toMs + trouble.aftermathMs) ||
          outlivesMask(alert, trouble)),
    );
    return possible.sort((a, b) => isGoingOn(b) - isGoingOn(a) || b.fromMs - a.fromMs);
  }
  #slackMsOf({ rule, agent }: AlertFact): number {
    // Of agents only servers are devices as well.
    const isServer = this.#map.siteOfDevice(agent) !== undefined;
    return rule === 'agent_silent' && isServer ? SERVER_SILENT_SLACK_MS : SLACK_MS;
  }
}
