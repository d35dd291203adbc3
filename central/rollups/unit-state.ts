import type { Sample } from '../../contract/sample.ts';
import type { State } from '../health/states/state-view.ts';
import type { UnitView } from '../health/unit-summary.ts';
import { alertFields, noAlerts, type AlertCounts } from './active-alerts.ts';
import type { Counted } from './coverage-rollup.ts';
import { definedFields } from './defined-fields.ts';
import { MIN_SAMPLES } from './radio-sample.ts';
import { stateFields, textField } from './state-fields.ts';
import type { Moment } from './minute-turns.ts';

type DeviceCounts = Readonly<Record<State, number>>;
type AgentCounts = UnitView['agents'];

/** Of devices, for a share of them to say anything of the place. */
const MIN_KNOWN_RATIO = 0.5;

/** What else is known of a unit or of the city. */
export interface Extras {
  readonly alerts: AlertCounts | undefined;
  readonly inMaintenance: number;
  /** 0 to 1; undefined: of no agent anything is known. */
  readonly completeness: number | undefined;
  readonly radio: Counted | undefined;
}

/** Pure. One unit as the API shows it. */
export function unitStateSample(view: UnitView, extras: Extras, { atMs, minuteMs }: Moment): Sample {
  const { code, name, reason, roots, devices, agents, latitude, longitude } = view;
  return {
    measurement: 'unit_state',
    tags: { unit: code },
    fields: {
      ...textField('name', name),
      ...stateFields(view, atMs),
      ...textField('reason', reason),
      ...textField('roots', roots.join(' ')),
      ...placeFields({ devices, agents }, extras),
      ...{ latitude, longitude },
    },
    timeMs: minuteMs,
  };
}

/** Pure. What a unit and the city have alike. */
export function placeFields(
  { devices, agents }: { readonly devices: DeviceCounts; readonly agents: AgentCounts },
  { alerts, inMaintenance, completeness, radio }: Extras,
): Record<string, number> {
  return {
    devices_up: devices.up,
    devices_down: devices.down,
    devices_unreachable: devices.unreachable,
    devices_unknown: devices.unknown,
    devices_maintenance: inMaintenance,
    agents_live: agents.live,
    agents_silent: agents.silent,
    agents_stopped: agents.stopped,
    agents_never_seen: agents.never_seen,
    ...alertFields(alerts ?? noAlerts()),
    ...definedFields({
      availability_pct: availabilityPercent(devices),
      completeness_pct: completeness === undefined ? undefined : 100 * completeness,
      radio_availability_pct: radioPercent(radio),
    }),
  };
}

/** undefined: too few are known for a share. */
function availabilityPercent({ up, down, unreachable, unknown }: DeviceCounts): number | undefined {
  const known = up + down + unreachable;
  return known === 0 || known < MIN_KNOWN_RATIO * (known + unknown) ? undefined : (100 * up) / known;
}

/** undefined: too few samples for a share. */
function radioPercent(radio: Counted | undefined): number | undefined {
  return radio === undefined || radio.samples < MIN_SAMPLES
    ? undefined
    : (100 * radio.covered) / radio.samples;
}
