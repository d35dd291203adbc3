import type { InventoryFile } from '../../contract/inventory.ts';
import type { Faults } from './faults.ts';

/** The ways of the hubs to the city under `hub_uplink_cut` faults. */
export interface HubWays {
  /** Its line to the city is cut. */
  isLineCut(hub: string, timeMs: number): boolean;
  /** Its line is cut, and so is the hub that a second way leads over, if it has one. */
  isCutOff(hub: string, timeMs: number): boolean;
}

/** Pure. A second way leads over a hub without one of its own. */
export function createHubWays({ sites }: Pick<InventoryFile, 'sites'>, faults: Faults): HubWays {
  const hubs = sites.filter(({ kind }) => kind === 'hub');
  const tracks = new Map(hubs.map(({ id }) => [id, faults.track('hub_uplink_cut', id)]));
  const others = new Map(hubs.map(({ id, parents = [] }) => [id, parents.find((site) => tracks.has(site))]));
  const isLineCut = (hub: string, timeMs: number): boolean => tracks.get(hub)?.at(timeMs) !== undefined;
  return {
    isLineCut,
    isCutOff: (hub, timeMs) => {
      if (!isLineCut(hub, timeMs)) return false;
      const other = others.get(hub);
      return other === undefined || isLineCut(other, timeMs);
    },
  };
}
