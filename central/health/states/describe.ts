import { inEnglish } from '../reasons/english.ts';
import { because, type Reason } from '../../../contract/reasons/reason-codes.ts';
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
import type { ElementRef, State, StateView } from './state-view.ts';
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
      ...inWords('device' in node ? whyDevice(node, deps) : whyLink(node, deps)),
      evidence: fresh.map((witness) => witness.describe()),
      isDisputed: disputedBy.length > 0,
      disputedBy: [...disputedBy],
      ...(Number.isFinite(reviewMs) && { nextReviewMs: reviewMs }),
    };
  }
  const site = kind === 'site' ? sites.get(id) : undefined;
  const unit = kind === 'unit' ? units.get(id) : undefined;
  const reasons = site !== undefined ? whySite(site, deps) : unit && whyUnit(unit, deps);
  return { ...inWords(reasons ?? []), evidence: [], isDisputed: false, disputedBy: [] };
}

function inWords(reasons: Reason[]): Pick<StateView, 'reason' | 'reasons'> {
  return { reason: inEnglish(reasons), reasons };
}

/** Of many names so many are shown. */
const SHOWN = 3;

/** Why a device is in its state. Pure. */
function whyDevice(node: DeviceNode, deps: Describing): Reason[] {
  const { standing, decision } = node;
  if (deps.isBlind) return [because('deaf')];
  if (standing.state === 'unreachable') return whyRoots(standing.roots, deps.graph);
  const { decisive, disputedBy } = decision;
  if (decisive === undefined) return [whySilent(node, deps)];
  const rival = decision.fresh.find(
    ({ agent, verdict }) => agent === disputedBy[1] && verdict !== decisive.verdict,
  );
  if (rival === undefined) return [saidBy(decisive)];
  return [saidBy(decisive), contradictedBy(rival)];
}

/** Why a site is in its state. Pure. */
function whySite(node: SiteNode, deps: Describing): Reason[] {
  const { standing, carriers, devices, agents } = node;
  if (deps.isBlind) return [because('deaf')];
  switch (standing.state) {
    case 'unreachable':
      return whyRoots(standing.roots, deps.graph);
    case 'down':
      return carriers.length > 0 && carriers.every((each) => each.standing.state === 'down')
        ? few(carriers.map(({ device: { id } }) => because('down', { id })))
        : [because('none_of_devices_up', { devices: devices.length, down: countIn(devices, 'down') })];
    case 'up': {
      const heard = agents.filter(({ isHeard }) => isHeard);
      return heard.length > 0
        ? few(heard.map(({ id }) => because('agent_reports', { agent: id })))
        : [because('devices_up', { up: countIn(devices, 'up'), devices: devices.length })];
    }
    default:
      if (agents.length > 0) return few(agents.map(({ id }) => whyAgent(id, deps)));
      return [because(devices.length === 0 ? 'nothing_measurable' : 'nothing_fresh_of_devices')];
  }
}

/** Why a link is in its state. Pure. */
function whyLink({ standing, decision }: LinkNode, { isBlind, graph }: Describing): Reason[] {
  if (isBlind) return [because('deaf')];
  if (standing.state === 'unreachable') return whyRoots(standing.roots, graph);
  return [decision.decisive === undefined ? because('no_fresh_port') : saidBy(decision.decisive)];
}

/** Why a unit is in its state. Pure. */
function whyUnit({ devices, sites, standing }: UnitNode, { isBlind, graph }: Describing): Reason[] {
  if (isBlind) return [because('deaf')];
  const counts = {
    devices: devices.length,
    up: countIn(devices, 'up'),
    down: countIn(devices, 'down'),
    unreachable: countIn(devices, 'unreachable'),
    unknown: countIn(devices, 'unknown'),
  };
  return [
    because('devices_by_state', counts),
    ...(sites.length === 0 ? [] : [because('sites_up', { up: countIn(sites, 'up'), sites: sites.length })]),
    ...whyRoots(standing.roots, graph),
  ];
}

function whySilent({ device, evidence }: DeviceNode, deps: Describing): Reason {
  if (deps.phaseOf(device.agent) !== 'live') return whyAgent(device.agent, deps);
  const last = [...evidence.witnesses].sort((a, b) => b.atMs - a.atMs)[0];
  if (last === undefined) return because('nothing_arrived');
  const { measurement, agent, atMs } = last;
  return because('evidence_old', { measurement, agent, atMs });
}

function whyAgent(agent: string, { phaseOf }: Describing): Reason {
  return because(AGENT_REASONS[phaseOf(agent)], { agent });
}

const AGENT_REASONS = {
  never_seen: 'agent_never_seen',
  live: 'agent_without_values',
  silent: 'agent_silent',
  stopped: 'agent_stopped',
} as const satisfies Readonly<Record<AgentPhase, string>>;

function saidBy({ agent, measurement, field, value }: Witness): Reason {
  return field === undefined
    ? because('reported', { agent, measurement })
    : because('measured', { agent, what: `${measurement}.${field}`, value: String(value) });
}

function contradictedBy({ agent, measurement, field, value }: Witness): Reason {
  return field === undefined
    ? because('disputed_reported', { agent, measurement })
    : because('disputed_measured', { agent, what: `${measurement}.${field}`, value: String(value) });
}

function whyRoots(roots: readonly ElementRef[], graph: CityGraph): Reason[] {
  return few(roots.map((ref) => whyRoot(ref, graph)));
}

function whyRoot(ref: ElementRef, { sites }: CityGraph): Reason {
  const id = idOf(ref);
  if (!ref.startsWith('site:')) return because('down', { id });
  const site = sites.get(id);
  return site?.isCut === true
    ? because('cut_off', { id, agents: site.missedBelow })
    : because('all_devices_down', { id });
}

function countIn(nodes: readonly { readonly standing: { readonly state: State } }[], state: State): number {
  return nodes.filter(({ standing }) => standing.state === state).length;
}

function few(reasons: readonly Reason[]): Reason[] {
  const more = reasons.length - SHOWN;
  return [...reasons.slice(0, SHOWN), ...(more > 0 ? [because('more', { count: more })] : [])];
}
