import type { Device, InventoryFile } from '../../../contract/inventory.ts';
import type { InventoryProblem } from './problem.ts';

/** A device at the end of a link stands in the site of that end. Pure. */
export function linkEndProblems(
  file: InventoryFile,
  devices: ReadonlyMap<string, Device>,
): readonly InventoryProblem[] {
  return file.links.flatMap(({ ends }, at) =>
    ends.flatMap(({ site, device }, side) => {
      const standsIn = device === undefined ? undefined : devices.get(device)?.site;
      if (device === undefined || standsIn === undefined || standsIn === site) return [];
      const message = `stands in site ${standsIn}, not in ${site}`;
      return [{ list: 'links' as const, at, field: `ends[${side}].device`, message, value: device }];
    }),
  );
}
