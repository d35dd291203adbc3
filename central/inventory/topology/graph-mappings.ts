/** Where a graph in JSON has what an inventory needs: names of fields; of links in tuples, positions. */
export interface GraphMapping {
  /** For a person who chooses one. */
  readonly about: string;
  readonly nodes: string;
  readonly links: string;
  readonly node: {
    readonly id: string;
    readonly name?: string;
    readonly longitude: string;
    readonly latitude: string;
    readonly upstream?: string;
    readonly isRoot?: string;
    /** ISO 8601; its day counts. */
    readonly firstSeen?: string;
  };
  readonly link: {
    readonly from: string | number;
    readonly to: string | number;
    readonly kind?: string | number;
    readonly lengthKm?: string | number;
  };
}

export const GRAPH_MAPPINGS = {
  'mesh-nodes': {
    about: 'node map of a mesh network: each node names its next hop, gateways are roots',
    nodes: 'nodes',
    links: 'links',
    node: {
      id: 'id',
      longitude: 'lon',
      latitude: 'lat',
      upstream: 'nextHop',
      isRoot: 'gateway',
      firstSeen: 'firstSeen',
    },
    link: { from: 0, to: 1, kind: 4 },
  },
  'topology-zoo': {
    about: 'backbone of the Internet Topology Zoo, as topohub publishes it: links with their length',
    nodes: 'nodes',
    links: 'links',
    node: { id: 'id', name: 'name', longitude: 'lon', latitude: 'lat' },
    link: { from: 0, to: 1, lengthKm: 2 },
  },
} as const satisfies Readonly<Record<string, GraphMapping>>;

export type GraphMappingName = keyof typeof GRAPH_MAPPINGS;
