import type { StagedKind } from '../city/faults.ts';
import { hundredth, thousandth } from '../city/rounding.ts';
import { allGateways, gatewaysAt, isUp, numberOf, sitesOf, withFields, type Effect } from './effect.ts';

const SPEED_BPS = 1e9;
const DOWN = {
  oper_status: 2,
  ...{ in_bps: 0, out_bps: 0, in_utilization_pct: 0, out_utilization_pct: 0, in_discards: 0 },
};
/** The port behind which a site's own switch hangs. */
export const FLAPPING_PORT = 'ge-0/0/1';
/** Carriers whose lines are measured: tag `isp`. */
export const CARRIERS = ['vnpt', 'viettel', 'fpt'] as const;
export const CITY_TARGET = 'city';

const atSite = { targets: sitesOf, agents: gatewaysAt } as const;

/** Ports, lines and the way abroad. */
export const NETWORK_EFFECTS = {
  /** Down in the first half of each period. */
  port_flapping: {
    ...atSite,
    change: (sample, moment) =>
      sample.measurement === 'interface' && sample.tags['interface'] === FLAPPING_PORT && isUp(moment)
        ? withFields(sample, DOWN)
        : sample,
  },
  /** Broadcasts without end: every port is full and drops. */
  port_storm: {
    ...atSite,
    change: (sample, moment) => {
      if (sample.measurement !== 'interface') return sample;
      if (!isUp(moment)) return withFields(sample, { in_discards_pct: 0 });
      const bps = Math.round(0.99 * SPEED_BPS);
      return withFields(sample, {
        ...{ in_bps: bps, out_bps: bps, in_utilization_pct: 99, out_utilization_pct: 99 },
        ...{ in_discards: 40_000, in_discards_pct: 4 },
      });
    },
  },
  /** A damaged cable or optic at the uplink. `amount`: per cent of the packets. */
  port_errors: {
    ...atSite,
    change: (sample, moment) => {
      if (sample.measurement !== 'interface' || sample.tags['interface'] !== 'uplink') return sample;
      const sharePct = isUp(moment) ? (moment.fault?.amount ?? 4) : 0;
      return withFields(sample, { in_errors: Math.round(sharePct * 1_000), in_errors_pct: sharePct });
    },
  },
  /** The carrier takes a detour. `amount`: ms more. */
  line_slow: {
    ...atSite,
    change: (sample, moment) => (isUp(moment) ? delayed(sample, moment.fault?.amount ?? 200) : sample),
  },
  line_saturated: {
    ...atSite,
    change: (sample, moment) =>
      sample.measurement === 'path' && isUp(moment)
        ? withFields(sample, { utilization_pct: 99, in_utilization_pct: 99 })
        : sample,
  },
  /** The internet lines of one carrier lose packets. `amount`: per cent. */
  operator_brownout: {
    targets: () => CARRIERS,
    agents: (_target, inventory) => allGateways(inventory),
    change: (sample, moment) => {
      if (sample.measurement !== 'path' || sample.tags['isp'] !== moment.target || !isUp(moment))
        return sample;
      const lossPct = Math.max(numberOf(sample, 'loss_pct'), moment.fault?.amount ?? 8);
      return withFields(delayed(sample, 30), { loss_pct: lossPct });
    },
  },
  /** What leaves the country takes another way; what stays is as ever. `amount`: ms more. */
  submarine_cable_cut: {
    targets: () => [CITY_TARGET],
    agents: (_target, inventory) => allGateways(inventory),
    change: (sample, moment) =>
      sample.measurement === 'path' && isUp(moment) ? delayed(sample, moment.fault?.amount ?? 160) : sample,
  },
} satisfies Partial<Record<StagedKind, Effect>>;

type Sampled = Parameters<NonNullable<Effect['change']>>[0];

function delayed(sample: Sampled, byMs: number): Sampled {
  const later = (field: string) =>
    field in sample.fields ? { [field]: thousandth(numberOf(sample, field) + byMs) } : {};
  if (sample.measurement === 'path') {
    const mos =
      'mos_est' in sample.fields ? { mos_est: hundredth(numberOf(sample, 'mos_est') - byMs / 400) } : {};
    return withFields(sample, {
      ...{ ...later('latency_ms'), ...later('latency_min_ms'), ...later('latency_max_ms') },
      ...mos,
    });
  }
  if (sample.measurement !== 'ping') return sample;
  return withFields(sample, {
    ...{ ...later('average_response_ms'), ...later('minimum_response_ms') },
    ...{ ...later('maximum_response_ms'), ...later('percentile95_ms') },
  });
}
