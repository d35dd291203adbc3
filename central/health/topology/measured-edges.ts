import type { DeviceIndex } from './device-index.ts';
import type { Neighbour } from './evidence.ts';
import type { Confidence, Seen } from './proposal.ts';

/** Two devices of the inventory that are connected, as far as is measured. */
export interface MeasuredEdge {
  /** In the order of their ids. */
  readonly ends: readonly [string, string];
  /** Of each end; undefined: not known, or several cables lead there. */
  readonly ports: readonly [string | undefined, string | undefined];
  readonly confidence: Confidence;
  readonly evidence: readonly Seen[];
}

/** Pure. `isMeant`: whether a device counts, as one that is in service. In the order of the ends. */
export function measuredEdges(
  neighbours: readonly Neighbour[],
  index: Pick<DeviceIndex, 'find'>,
  isMeant: (device: string) => boolean,
): readonly MeasuredEdge[] {
  const byPair = new Map<string, SeenNeighbour[]>();
  for (const neighbour of neighbours) {
    const to = index.find(neighbour);
    if (to === undefined || to === neighbour.device || !isMeant(to) || !isMeant(neighbour.device)) continue;
    const key = pairKey(neighbour.device, to);
    const seen = byPair.get(key);
    if (seen === undefined) byPair.set(key, [{ neighbour, to }]);
    else seen.push({ neighbour, to });
  }
  return [...byPair.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, seen]) => edgeOf(seen));
}

/** No id has a space. */
export function pairKey(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

interface SeenNeighbour {
  readonly neighbour: Neighbour;
  readonly to: string;
}

function edgeOf(seen: readonly SeenNeighbour[]): MeasuredEdge {
  const sorted = seen.toSorted((a, b) => (portOrder(a) < portOrder(b) ? -1 : 1));
  const [first] = sorted;
  const ends = [first?.neighbour.device ?? '', first?.to ?? ''].sort() as [string, string];
  const [near, far] = ends.map((end) =>
    sorted.filter(({ neighbour }) => neighbour.device === end).map(({ neighbour }) => neighbour),
  ) as [Neighbour[], Neighbour[]];
  return {
    ends,
    ports: portsOf(near, far),
    confidence: near.length > 0 && far.length > 0 ? 'high' : 'medium',
    evidence: sorted,
  };
}

function portOrder({ neighbour }: SeenNeighbour): string {
  return `${neighbour.device} ${neighbour.interface} ${neighbour.agent}`;
}

/** The ports of one cable: those that name each other, or the only ones. */
function portsOf(near: readonly Neighbour[], far: readonly Neighbour[]): MeasuredEdge['ports'] {
  for (const one of near) {
    const other = far.find(
      ({ interface: port, port: remote }) => port === one.port || remote === one.interface,
    );
    if (other !== undefined) return [one.interface, other.interface];
  }
  return [onlyPort(near), onlyPort(far)];
}

function onlyPort(seen: readonly Neighbour[]): string | undefined {
  const [port, ...others] = new Set(seen.map((each) => each.interface));
  return others.length === 0 ? port : undefined;
}
