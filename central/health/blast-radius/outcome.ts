import { inEnglish } from '../reasons/english.ts';
import { SERVICE_STATES, type ServiceState } from '../services/judge-service.ts';
import { judgeServices } from '../services/judge-services.ts';
import { idIn, type ThingState } from '../services/thing-state.ts';
import type { BlastParts } from './blast-parts.ts';
import { failedThings } from './blast-target.ts';
import { reachFrom, usableParents, usableWays, type Reach } from './reach.ts';

/** How much is left of each thing, by its number in the model, once some have failed: 0 is nothing, less than before is degraded. */
export interface Outcome {
  readonly device: (number: number) => number;
  /** A site is lost as well when all its routers and switches are. */
  readonly site: (number: number) => number;
  readonly link: (number: number) => number;
  readonly pool: (number: number) => number;
  readonly service: (number: number) => number;
  /** One line: why a service is as it is. */
  readonly reason: (number: number) => string;
}

/** Pure. `refs`: what has failed, such as `device:hub-03`. */
export function outcomeOf(model: BlastParts, refs: ReadonlySet<string>): Outcome {
  const { graph, pools, services } = model;
  const failed = failedThings(graph, refs);
  const reach = reachFrom(graph, failed);
  const poolsLeft = pools.map(({ id, site }) =>
    failed.pools.has(id) || !isSet(reach.carriers, graph.siteNumbers.get(site)) ? 0 : 1,
  );
  const lostPools = new Set(pools.filter((_, number) => poolsLeft[number] === 0).map(({ id }) => id));
  const found = judgeServices(
    model.serviceGroups,
    stateReader(model, reach, { refs, lostPools }),
    failed.services,
  );
  return {
    device: (number) => (reach.devices[number] === 1 ? 1 + usableParents(graph, reach, number) : 0),
    site: (number) => (reach.carriers[number] === 1 ? 1 + usableWays(graph, reach, number) : 0),
    link: (number) => reach.links[number] ?? 0,
    pool: (number) => poolsLeft[number] ?? 0,
    service: (number) => leftIn(found.get(services[number]?.id ?? '')?.state ?? 'down'),
    reason: (number) => inEnglish(found.get(services[number]?.id ?? '')?.reasons ?? []),
  };
}

const UP: ThingState = { state: 'up', roots: [] };
const DOWN: ThingState = { state: 'down', roots: [] };
const CUT: ThingState = { state: 'unreachable', roots: [] };

interface Lost {
  readonly refs: ReadonlySet<string>;
  readonly lostPools: ReadonlySet<string>;
}

function stateReader({ graph }: BlastParts, reach: Reach, { refs, lostPools }: Lost) {
  const isLeft = (ref: string): boolean => {
    const id = idIn(ref);
    if (ref.startsWith('device:')) return isSet(reach.devices, graph.deviceNumbers.get(id));
    if (ref.startsWith('site:')) return isSet(reach.carriers, graph.siteNumbers.get(id));
    if (ref.startsWith('link:')) return isSet(reach.links, graph.linkNumbers.get(id));
    return !lostPools.has(id);
  };
  return (ref: string): ThingState => {
    if (refs.has(ref)) return DOWN;
    return isLeft(ref) ? UP : CUT;
  };
}

/** What is not in the graph is retired or not there yet: it is not lost by this. */
function isSet(flags: Uint8Array, number: number | undefined): boolean {
  return number === undefined || flags[number] === 1;
}

function leftIn(state: ServiceState): number {
  return SERVICE_STATES.length - 1 - SERVICE_STATES.indexOf(state);
}
