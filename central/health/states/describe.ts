import type { AgentPhase } from '../../liveness/agent-view.ts';
import {
  idOf,
  type CityGraph,
  type DeviceNode,
  type LinkNode,
  type SiteNode,
  type UnitNode,
} from './graph-nodes.ts';
import type { Standing } from './standing.ts';
import { STATES, type ElementRef, type State, type StateView } from './state-view.ts';
import type { Witness } from './witness.ts';

/** What texts are made from. */
export interface Describing {
  readonly graph: CityGraph;
  readonly isBlind: boolean;
  readonly phaseOf: (agent: string) => AgentPhase;
}

/** Why an element is in its state, and by what evidence. */
export function explain(
  { kind, ref }: Pick<Standing, 'kind' | 'ref'>,
  deps: Describing,
): Omit<StateView, 'state' | 'sinceMs' | 'roots'> {
  const { devices, links, sites, units } = deps.graph;
  const id = idOf(ref);
  const node = (kind === 'device' ? devices : kind === 'link' ? links : undefined)?.get(id);
  if (node !== undefined) {
    const { fresh, disputedBy } = node.decision;
    const reviewMs = Math.min(...fresh.map(({ freshUntilMs }) => freshUntilMs));
    return {
      reason: 'device' in node ? describeDevice(node, deps) : describeLink(node, deps),
      evidence: fresh.map((witness) => witness.describe()),
      isDisputed: disputedBy.length > 0,
      disputedBy: [...disputedBy],
      ...(Number.isFinite(reviewMs) && { nextReviewMs: reviewMs }),
    };
  }
  const site = kind === 'site' ? sites.get(id) : undefined;
  const unit = kind === 'unit' ? units.get(id) : undefined;
  const reason = site !== undefined ? describeSite(site, deps) : unit && describeUnit(unit, deps);
  return { reason: reason ?? '', evidence: [], isDisputed: false, disputedBy: [] };
}

const DEAF = 'central hears almost no agent: nothing can be said';
/** Of many names so many are shown. */
const SHOWN = 3;

/** Why a device is in its state. Pure. */
export function describeDevice(node: DeviceNode, deps: Describing): string {
  const { standing, decision } = node;
  if (deps.isBlind) return DEAF;
  if (standing.state === 'unreachable') return describeRoots(standing.roots, deps.graph);
  const { decisive, disputedBy } = decision;
  if (decisive === undefined) return describeSilence(node, deps);
  const rival = decision.fresh.find(
    ({ agent, verdict }) => agent === disputedBy[1] && verdict !== decisive.verdict,
  );
  const doubt = rival === undefined ? '' : `; disputed: ${describeWitness(rival)}`;
  return `${describeWitness(decisive)}${doubt}`;
}

/** Why a site is in its state. Pure. */
export function describeSite(node: SiteNode, deps: Describing): string {
  const { standing, carriers, devices, agents } = node;
  if (deps.isBlind) return DEAF;
  switch (standing.state) {
    case 'unreachable':
      return describeRoots(standing.roots, deps.graph);
    case 'down':
      return carriers.length > 0 && carriers.every((each) => each.standing.state === 'down')
        ? `${names(carriers.map(({ device }) => device.id))} ${carriers.length === 1 ? 'is' : 'are'} down`
        : `of its ${devices.length} devices none is up, and ${countIn(devices, 'down')} down`;
    case 'up': {
      const heard = agents.filter(({ isHeard }) => isHeard);
      return heard.length > 0
        ? `${names(heard.map(({ id }) => id))} ${heard.length === 1 ? 'reports' : 'report'}`
        : `${countIn(devices, 'up')} of its ${devices.length} devices up`;
    }
    default:
      return agents.length === 0 && devices.length === 0
        ? 'nothing there could be measured'
        : agents.length === 0
          ? 'nothing fresh is known of its devices'
          : names(agents.map(({ id }) => `agent ${id} ${phaseText(deps.phaseOf(id))}`));
  }
}

/** Why a link is in its state. Pure. */
export function describeLink({ standing, decision }: LinkNode, { isBlind, graph }: Describing): string {
  if (isBlind) return DEAF;
  if (standing.state === 'unreachable') return describeRoots(standing.roots, graph);
  return decision.decisive === undefined
    ? 'no fresh state of a port at its ends is known'
    : describeWitness(decision.decisive);
}

/** Why a unit is in its state. Pure. */
export function describeUnit({ devices, sites, standing }: UnitNode, { isBlind, graph }: Describing): string {
  if (isBlind) return DEAF;
  const counts = STATES.map((state) => [countIn(devices, state), state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(', ');
  const ofDevices = `${devices.length} devices: ${counts === '' ? 'none' : counts}`;
  const ofSites = sites.length === 0 ? '' : `; ${countIn(sites, 'up')} of ${sites.length} sites up`;
  const why = standing.roots.length === 0 ? '' : `; ${describeRoots(standing.roots, graph)}`;
  return `${ofDevices}${ofSites}${why}`;
}

function describeSilence({ device, evidence }: DeviceNode, { phaseOf }: Describing): string {
  const phase = phaseOf(device.agent);
  if (phase !== 'live') return `agent ${device.agent} ${phaseText(phase)}`;
  const last = [...evidence.witnesses].sort((a, b) => b.atMs - a.atMs)[0];
  if (last === undefined) return 'nothing of it has arrived since central started';
  const at = new Date(last.atMs).toISOString();
  return `its last evidence is older than three intervals: ${last.measurement} of ${last.agent}, ${at}`;
}

function phaseText(phase: AgentPhase): string {
  switch (phase) {
    case 'never_seen':
      return 'was never seen';
    case 'live':
      return 'is live, but has measured nothing since central started';
    default:
      return `is ${phase}`;
  }
}

function describeWitness({ agent, measurement, field, value }: Witness): string {
  return field === undefined
    ? `${agent} reports it (${measurement})`
    : `${agent} measured ${measurement}.${field} = ${String(value)}`;
}

function describeRoots(roots: readonly ElementRef[], graph: CityGraph): string {
  return names(roots.map((ref) => describeRoot(ref, graph)));
}

function describeRoot(ref: ElementRef, { sites }: CityGraph): string {
  const id = idOf(ref);
  if (!ref.startsWith('site:')) return `${id} is down`;
  const site = sites.get(id);
  return site?.isCut === true
    ? `${id} is cut off: none of the ${site.missedBelow} agents at or behind it is heard`
    : `all devices of ${id} are down`;
}

function countIn(nodes: readonly { readonly standing: { readonly state: State } }[], state: State): number {
  return nodes.filter(({ standing }) => standing.state === state).length;
}

function names(texts: readonly string[]): string {
  const more = texts.length - SHOWN;
  return more > 0 ? `${texts.slice(0, SHOWN).join(', ')} and ${more} more` : texts.join(', ');
}
