import type { Location } from '../../samples/location.ts';

/** A device as the inventory has it: an alert about it is there, and what its owner measures of it counts. */
export interface WatchedDevice extends Location {
  readonly agent?: string;
  readonly otherAgents?: readonly string[] | undefined;
}
