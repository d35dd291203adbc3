import type { Stations } from './evidence.ts';
import type { MeasuredEdge } from './measured-edges.ts';

type Source = Stations['source'];

/** The surer first: a bridge sees what is behind its port, a router only what is in the same network. */
const SOURCES: readonly Source[] = ['fdb', 'arp'];

/**
 * Where devices are, of which no neighbour tells by LLDP: behind the port that sees the fewest devices beside them, for what is nearer to
 * a device sees fewer others with it. Where two ports see as few, nobody can say. Pure. `edges`: those that LLDP tells of.
 */
export function stationEdges(
  stations: readonly Stations[],
  edges: readonly MeasuredEdge[],
  isMeant: (device: string) => boolean,
): readonly MeasuredEdge[] {
  const placed = new Set(edges.flatMap(({ ends }) => ends));
  const found: MeasuredEdge[] = [];
  for (const source of SOURCES) {
    const nearest = nearestPorts(stations.filter((each) => each.source === source && isMeant(each.device)));
    const ofSource: MeasuredEdge[] = [];
    for (const [device, port] of nearest) {
      if (port === undefined || placed.has(device) || !isMeant(device)) continue;
      ofSource.push(edgeOf(port, device));
    }
    for (const { ends } of ofSource) for (const end of ends) placed.add(end);
    found.push(...ofSource);
  }
  return found;
}

/** For each device that is seen the port that sees the fewest; undefined: there are several. */
function nearestPorts(stations: readonly Stations[]): ReadonlyMap<string, Stations | undefined> {
  const fewest = new Map<string, number>();
  const nearest = new Map<string, Stations | undefined>();
  for (const port of stations) {
    for (const device of port.devices) {
      const { length } = port.devices;
      const least = fewest.get(device) ?? Infinity;
      if (length > least || device === port.device) continue;
      fewest.set(device, length);
      nearest.set(device, length < least ? port : undefined);
    }
  }
  return nearest;
}

function edgeOf(stations: Stations, to: string): MeasuredEdge {
  const isFirst = stations.device < to;
  return {
    ends: isFirst ? [stations.device, to] : [to, stations.device],
    // One cable from a port only if nothing else is seen there, which the table of a router does not tell.
    ports: [undefined, undefined],
    confidence: 'low',
    evidence: [{ stations, to }],
  };
}
