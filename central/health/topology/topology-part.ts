import type { Part } from '../../jobs/part.ts';
import type { StateDatabase } from '../../state/database.ts';
import { openDismissals, type Dismissals } from './dismissals.ts';
import { Topology, type TopologyDeps } from './topology.ts';

export interface SharedTopology {
  readonly topology: Topology;
  readonly topologyDismissals: Dismissals;
}

const SECOND_MS = 1_000;

export function createTopologyPart(
  deps: TopologyDeps & { readonly database: StateDatabase },
): Part<SharedTopology> {
  const topology = new Topology(deps);
  return {
    shared: { topology, topologyDismissals: openDismissals(deps.database) },
    jobs: [{ name: 'topology', everyMs: SECOND_MS, run: () => topology.step() }],
  };
}
