import { drift, seedOf } from './noise.ts';
import type { DeviceTags } from './place-tags.ts';
import { tenth } from './rounding.ts';
import type { Meter } from './site-moment.ts';
import type { SitePower } from './site-power.ts';

/** upsOutputSource and upsBatteryStatus, RFC 1628. */
const SOURCE = { normal: 3, battery: 5 };
const BATTERY = { normal: 2, low: 3 };
const LOW_PCT = 20;
const CELLS_V = 48;

/** On mains: full or charging. In a power cut charge and runtime fall until the site is dark. */
export function upsMeter(key: string, tags: DeviceTags, power: SitePower): Meter {
  const mains = seedOf(`${key}v`);
  return ({ timeMs }, into) => {
    const cut = power.isOnBattery(timeMs);
    const chargePct = power.chargePct(timeMs);
    into.push({
      measurement: 'power',
      tags,
      fields: {
        output_source: cut === undefined ? SOURCE.normal : SOURCE.battery,
        mains_ok: cut === undefined,
        on_battery: cut !== undefined,
        on_battery_s: cut === undefined ? 0 : Math.floor((timeMs - cut.fromMs) / 1_000),
        charge_pct: tenth(chargePct),
        runtime_minutes: tenth(power.runtimeMinutes(timeMs)),
        battery_status: chargePct < LOW_PCT ? BATTERY.low : BATTERY.normal,
        battery_voltage_v: tenth(CELLS_V - 4 + 0.08 * chargePct + (cut === undefined ? 2.5 : 0)),
        load_pct: tenth(power.loadPct(timeMs)),
        input_voltage_v: cut === undefined ? tenth(226 + 4 * drift(mains, timeMs, 600_000)) : 0,
      },
      timeMs,
    });
  };
}
