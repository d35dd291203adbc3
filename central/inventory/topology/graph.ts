/** A network as others describe it. */
export interface NetworkGraph {
  readonly nodes: readonly GraphNode[];
  readonly links: readonly GraphLink[];
}

export interface GraphNode {
  readonly id: string;
  readonly name: string | undefined;
  /** WGS84, degrees. */
  readonly position: { readonly longitude: number; readonly latitude: number } | undefined;
  /** The node that it says it is reached through. */
  readonly upstream: string | undefined;
  /** The network is reached through it. */
  readonly isRoot: boolean;
  /** A day such as 2025-07-01. */
  readonly installedOn: string | undefined;
}

export interface GraphLink {
  readonly ends: readonly [string, string];
  /** As the source calls it. */
  readonly kind: string | undefined;
  readonly lengthKm: number | undefined;
}
