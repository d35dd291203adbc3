import { lostPackets, type LineAt } from './access-line.ts';
import { seedOf } from './noise.ts';
import type { DeviceTags } from './place-tags.ts';
import { thousandth } from './rounding.ts';
import type { Meter } from './site-moment.ts';

const PACKETS = 10;
const NO_ANSWER = {
  packets_transmitted: PACKETS,
  packets_received: 0,
  percent_packet_loss: 100,
  result_code: 1,
};

/** A burst of probes from a site through its node and hub to the core of the network. */
export function pingMeter(key: string, { device, site, unit }: DeviceTags, lineAt: LineAt): Meter {
  const seed = seedOf(`${key}l`);
  const tags = { device, site, unit, target: 'core' };
  return (moment, into) => {
    const { timeMs, isNodeDown, isHubCut } = moment;
    const { loss, rttMs, spreadMs } = lineAt(moment);
    const lost = isNodeDown || isHubCut ? PACKETS : lostPackets(PACKETS, loss, seed, timeMs);
    if (lost === PACKETS) {
      into.push({ measurement: 'ping', tags, fields: NO_ANSWER, timeMs });
      return;
    }
    into.push({
      measurement: 'ping',
      tags,
      fields: {
        packets_transmitted: PACKETS,
        packets_received: PACKETS - lost,
        percent_packet_loss: (100 * lost) / PACKETS,
        average_response_ms: thousandth(rttMs),
        minimum_response_ms: thousandth(Math.max(0.5, rttMs - spreadMs)),
        maximum_response_ms: thousandth(rttMs + 2 * spreadMs),
        standard_deviation_ms: thousandth(0.8 * spreadMs),
        percentile95_ms: thousandth(rttMs + 1.6 * spreadMs),
        ipdv_p95_ms: thousandth(spreadMs),
        result_code: 0,
      },
      timeMs,
    });
  };
}
