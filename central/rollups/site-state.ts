import type { Site } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import type { PresentState } from '../health/present-states.ts';
import type { StateCounts } from '../health/states/state-view.ts';
import { stateFields, textField } from './state-fields.ts';
import type { Moment } from './minute-turns.ts';

/** Pure. One site that is in service. */
export function siteStateSample(
  { id, unit, kind, parents, name, latitude, longitude }: Site,
  state: PresentState,
  devices: StateCounts,
  { atMs, minuteMs }: Moment,
): Sample {
  const parent = parents?.[0];
  return {
    measurement: 'site_state',
    tags: { site: id, unit, kind, ...(parent !== undefined && { parent }) },
    fields: {
      ...textField('name', name),
      ...stateFields(state, atMs),
      ...textField('roots', state.roots.join(' ')),
      devices_up: devices.up,
      devices_down: devices.down,
      devices_unreachable: devices.unreachable,
      devices_unknown: devices.unknown,
      ...{ latitude, longitude },
    },
    timeMs: minuteMs,
  };
}
