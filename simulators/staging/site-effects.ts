import type { StagedKind } from '../city/faults.ts';
import { CITY_ROUTER } from '../city/build-inventory.ts';
import { gatewaysAt, isUp, sitesOf, withFields, type Effect } from './effect.ts';

const atSite = { targets: sitesOf, agents: gatewaysAt } as const;

/** Radio and power of sites. */
export const SITE_EFFECTS = {
  /** Its antenna hangs loose: this modem alone is weak. */
  modem_bad: {
    ...atSite,
    change: (sample, moment) =>
      sample.measurement === 'cellular' && isUp(moment)
        ? withFields(sample, { rsrp_dbm: -124, sinr_db: -5, rsrq_db: -18 })
        : sample,
  },
  /** Its SIM is locked or unpaid. */
  modem_refused: {
    ...atSite,
    change: (sample, moment) =>
      sample.measurement === 'cellular' && isUp(moment) ? withFields(sample, { registered: false }) : sample,
  },
  /** The masts of a unit are on the air and have no way to their core: the level is good, and nobody is let in. */
  cell_backhaul_cut: {
    targets: ({ units }) => units.map(({ code }) => code),
    agents: (target, { agents }) => agents.filter(({ unit }) => unit === target).map(({ id }) => id),
    change: (sample, moment) =>
      sample.measurement === 'cellular' && isUp(moment) ? withFields(sample, { registered: false }) : sample,
  },
  /** More hangs on the UPS than it may carry. `amount`: per cent of its rated power. */
  ups_overload: {
    targets: ({ devices }) => devices.filter(({ kind }) => kind === 'ups').map(({ site }) => site),
    agents: gatewaysAt,
    change: (sample, moment) =>
      sample.measurement === 'power' && isUp(moment)
        ? withFields(sample, { load_pct: moment.fault?.amount ?? 97 })
        : sample,
  },
  /** The gateway alone: the site works, and nobody sees it. */
  gateway_dead: {
    targets: ({ agents }) => agents.filter(({ kind }) => kind === 'gateway').map(({ id }) => id),
    condition: { is: 'dark', of: (target) => [target] },
  },
  /** It sends values that no instrument can show, twenty a second. */
  rubbish_flood: {
    targets: ({ agents }) => agents.filter(({ kind }) => kind === 'gateway').map(({ id }) => id),
    agents: (target) => [target],
    add: ({ timeMs, target, inventory }) => {
      const device =
        inventory.devices.find(({ agent, kind }) => agent === target && kind === 'node')?.id ?? '';
      return Array.from({ length: 200 }, (_, at) => ({
        measurement: 'device',
        tags: { device },
        fields: { cpu_pct: -1 - at },
        timeMs,
      }));
    },
  },
  /** It says of a device that is not its own that it is down. */
  spoofed_device: {
    targets: ({ agents }) => agents.filter(({ kind }) => kind === 'gateway').map(({ id }) => id),
    agents: (target) => [target],
    add: ({ timeMs }) =>
      Array.from({ length: 20 }, () => ({
        measurement: 'device',
        tags: { device: CITY_ROUTER },
        fields: { up: false, reachable: false },
        timeMs,
      })),
  },
} satisfies Partial<Record<StagedKind, Effect>>;
