import type { InventoryFile } from '../../../contract/inventory.ts';
import { buildCity } from '../../../simulators/city/build-city.ts';

/** `state_code` of contract/measurements/rollup.ts. */
export const STATES = { down: 0, unreachable: 1, unknown: 2, alert: 3, up: 4 } as const;
export type State = keyof typeof STATES;

/** Minutes before the pictures are taken; `untilMin` 0: not over. */
export interface Trouble {
  readonly site: string;
  readonly state: Exclude<State, 'up' | 'unreachable'>;
  readonly fromMin: number;
  readonly untilMin: number;
  readonly reason: string;
}

/** The unit that the drill-down shows. */
export const SHOWN_UNIT = '26743';

/** An evening with a hub that is down, one device that is, agents that are silent, and what is over already. */
export const TROUBLES: readonly Trouble[] = [
  { site: 'hub-07', state: 'down', fromMin: 47, untilMin: 0, reason: 'n-hub-07 does not answer' },
  { site: 'hub-19', state: 'down', fromMin: 152, untilMin: 128, reason: 'n-hub-19 does not answer' },
  { site: 'site-26743-02', state: 'down', fromMin: 18, untilMin: 0, reason: 'n-26743-02 does not answer' },
  { site: 'site-26743-04', state: 'alert', fromMin: 34, untilMin: 0, reason: 'bb-26743-04: loss 3.1 %' },
  { site: 'site-26743-05', state: 'alert', fromMin: 190, untilMin: 144, reason: 'ups-26743-05 on battery' },
  ...['01', '02', '03', '04', '05'].map((number): Trouble => ({
    site: `site-26732-${number}`,
    state: 'unknown',
    fromMin: 95,
    untilMin: 0,
    reason: `gw-26732-${number} silent`,
  })),
  { site: 'site-27664-01', state: 'alert', fromMin: 63, untilMin: 0, reason: 'ups-27664-01 on battery' },
  { site: 'site-27553-03', state: 'alert', fromMin: 121, untilMin: 0, reason: 'n-27553-03: damaged packets' },
  { site: 'site-26506-02', state: 'alert', fromMin: 26, untilMin: 0, reason: 'coverage of vinaphone dips' },
  { site: 'site-25942-01', state: 'alert', fromMin: 240, untilMin: 0, reason: 'line of the site is slow' },
  { site: 'site-27094-04', state: 'alert', fromMin: 75, untilMin: 30, reason: 'bb-27094-04: loss 2.2 %' },
];

export const INVENTORY: InventoryFile = buildCity({ seed: 1 }).inventory;

export interface SiteNow {
  readonly state: State;
  readonly forMin: number;
  readonly reason: string;
  readonly roots: string;
}

const UP: SiteNow = { state: 'up', forMin: 9_000, reason: '', roots: '' };

/** Of a site by its id, `minute` minutes before the pictures. */
export function siteAt(site: string, minute: number): SiteNow {
  const own = troubleAt(site, minute);
  if (own !== undefined) {
    const { state, fromMin, reason } = own;
    return { state, forMin: fromMin - minute, reason, roots: state === 'alert' ? '' : `site:${site}` };
  }
  const parents = PARENTS.get(site) ?? [];
  const cuts = parents.map((parent) => troubleAt(parent, minute));
  const [cut] = cuts;
  if (cut?.state !== 'down' || cuts.some((each) => each === undefined)) return UP;
  const reason = `unreachable because of ${cut.site}`;
  return { state: 'unreachable', forMin: cut.fromMin - minute, reason, roots: `site:${cut.site}` };
}

const PARENTS = new Map(
  INVENTORY.sites.map(({ id, parents = [] }) => [id, parents.filter((each) => each !== 'city')]),
);

function troubleAt(site: string, minute: number): Trouble | undefined {
  return TROUBLES.find(
    (each) => each.site === site && minute <= each.fromMin && minute > each.untilMin - 0.5,
  );
}

/** The worst of its sites. */
export function unitAt(sites: readonly string[], minute: number): SiteNow {
  return sites
    .map((site) => siteAt(site, minute))
    .reduce((worst, each) => (STATES[each.state] < STATES[worst.state] ? each : worst), UP);
}

export const SITES_BY_UNIT = new Map(
  INVENTORY.units.map(({ code }) => [
    code,
    INVENTORY.sites
      .filter(({ unit, kind }) => unit === code && kind !== 'city' && kind !== 'datacentre')
      .map(({ id }) => id),
  ]),
);
