import { lostPackets, type LineAt } from './access-line.ts';
import type { Due } from './cadence.ts';
import { chance, drift, seedOf } from './noise.ts';
import type { DeviceTags } from './place-tags.ts';
import { clamp, hundredth, tenth, thousandth } from './rounding.ts';
import type { Meter, SiteMoment } from './site-moment.ts';

const HOUR_MS = 3_600_000;
const ISPS = ['vnpt', 'viettel', 'fpt'] as const;
const CONTRACTS_MBPS = [150, 200, 300, 500, 1_000] as const;
/** Delay from the line's first hop to the internet exchange. */
const BEYOND_MS = 3;
/** One packet a second over the 30 s between two samples of a path. */
const PATH_PACKETS = 30;
/** No throughput test above this utilization. */
const TOO_BUSY_PCT = 70;

export interface BroadbandTraits {
  readonly key: string;
  readonly device: string;
  readonly tags: DeviceTags;
  readonly lineAt: LineAt;
  readonly isPathDue: Due;
  /** At most twice a day. */
  readonly isSpeedDue: Due;
}

/** A site's internet line: its quality as `path`, and at times a throughput test as `internet_speed`. */
export function broadbandMeter(traits: BroadbandTraits): Meter {
  const { key, device, lineAt, isPathDue, isSpeedDue } = traits;
  const draw = (what: string): number => chance(seedOf(`${key}${what}`), 0);
  const isp = ISPS[Math.floor(draw('isp') * ISPS.length)] ?? ISPS[0];
  const { site, unit } = traits.tags;
  const tags = { device: traits.tags.device, site, unit, line: device, isp, target: 'internet' };
  const pathOf = pathFields(key, draw);
  const speedOf = speedFields(key, draw);
  // Two per cent of the lines are too slow for their site.
  const demand = draw('undersized') < 0.02 ? 1.15 : 0.45 + 0.35 * draw('demand');
  return (moment, into) => {
    const { timeMs } = moment;
    const isTestDue = isSpeedDue(timeMs);
    if (!isTestDue && !isPathDue(timeMs)) return;
    const line = lineAt(moment);
    const utilizationPct = moment.isNodeDown ? 0 : clamp(100 * moment.busy * demand, 0, 99);
    if (isPathDue(timeMs)) {
      into.push({ measurement: 'path', tags, fields: pathOf(moment, line, utilizationPct), timeMs });
    }
    if (isTestDue && !moment.isNodeDown && utilizationPct < TOO_BUSY_PCT) {
      into.push({
        measurement: 'internet_speed',
        tags,
        fields: speedOf(moment, line, utilizationPct),
        timeMs,
      });
    }
  };
}

type Fields = Readonly<Record<string, number>>;
type FieldsOf = (moment: SiteMoment, line: ReturnType<LineAt>, utilizationPct: number) => Fields;

function pathFields(key: string, draw: (what: string) => number): FieldsOf {
  const lossSeed = seedOf(`${key}path`);
  const upShare = 0.2 + 0.3 * draw('up');
  const onuDbm = -16 - 6 * draw('onu');
  // Half of the lossy lines have a dirty or bent fibre.
  const dampedDb = draw('fibre') < 0.5 ? 9 : 0;
  const hops = 4 + Math.floor(5 * draw('hops'));
  return ({ timeMs, isNodeDown, isLineLossy }, { loss, rttMs, spreadMs }, utilizationPct) => {
    const state = {
      utilization_pct: hundredth(utilizationPct),
      in_utilization_pct: hundredth(utilizationPct),
      out_utilization_pct: hundredth(utilizationPct * upShare),
      onu_rx_dbm: tenth(onuDbm - (isLineLossy ? dampedDb : 0) + 0.2 * drift(lossSeed, timeMs, HOUR_MS)),
    };
    const lost = isNodeDown ? PATH_PACKETS : lostPackets(PATH_PACKETS, loss, lossSeed, timeMs);
    if (lost === PATH_PACKETS) return { loss_pct: 100, ...state };
    const lossPct = hundredth((100 * lost) / PATH_PACKETS);
    const latencyMs = rttMs + BEYOND_MS;
    return {
      latency_ms: thousandth(latencyMs),
      latency_min_ms: thousandth(Math.max(1, latencyMs - spreadMs)),
      latency_max_ms: thousandth(latencyMs + 2 * spreadMs),
      jitter_ms: thousandth(0.5 * spreadMs),
      ipdv_p95_ms: thousandth(spreadMs),
      loss_pct: lossPct,
      mos_est: hundredth(mos(latencyMs, 0.5 * spreadMs, lossPct)),
      hops,
      ...state,
    };
  };
}

function speedFields(key: string, draw: (what: string) => number): FieldsOf {
  const noise = seedOf(`${key}speed`);
  const contracted = CONTRACTS_MBPS[Math.floor(draw('contract') * CONTRACTS_MBPS.length)] ?? 300;
  const best = 0.92 + 0.06 * draw('best');
  const bufferMs = 8 + 70 * draw('buffer');
  return ({ timeMs, isLineLossy }, { loss, rttMs, spreadMs }, utilizationPct) => {
    const crowded = (utilizationPct / 100) ** 2;
    const share = (best - 0.2 * crowded + 0.02 * drift(noise, timeMs, HOUR_MS)) * (isLineLossy ? 0.3 : 1);
    const upShare = share - 0.01;
    const loadedMs = rttMs + BEYOND_MS + bufferMs * (1 + crowded) + (isLineLossy ? 40 : 0);
    return {
      download: tenth(contracted * share),
      upload: tenth(contracted * upShare),
      contracted_download_mbps: contracted,
      contracted_upload_mbps: contracted,
      download_share_pct: hundredth(100 * share),
      upload_share_pct: hundredth(100 * upShare),
      latency: thousandth(rttMs + BEYOND_MS),
      jitter: thousandth(0.5 * spreadMs),
      rtt_loaded_ms: thousandth(loadedMs),
      rpm: Math.round(60_000 / loadedMs),
      packet_loss: hundredth(100 * loss),
    };
  };
}

/** Estimated call quality, simplified E-model (ITU-T G.107). */
function mos(latencyMs: number, jitterMs: number, lossPct: number): number {
  const effectiveMs = latencyMs + 2 * jitterMs + 10;
  const delay = effectiveMs < 160 ? effectiveMs / 40 : (effectiveMs - 120) / 10;
  const r = clamp(93.2 - delay - 2.5 * lossPct, 0, 100);
  return clamp(1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r), 1, 4.5);
}
