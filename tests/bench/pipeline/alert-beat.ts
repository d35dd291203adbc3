import type { Sample } from '../../../contract/sample.ts';
import { toLoad, type LoadAgent } from './load-shape.ts';

const LINES = 20;
const BEAT_MS = 250;

/** Beside the city, agents whose lines break and heal at each beat, so that there are transitions to time. */
export const BEAT_AGENT = 'beat-0';

/** The rule that makes an alert of each break at once, and ends it at each healing. */
export const BEAT_RULE = `kind: threshold
name: { en: Bench beat, vi: Nhịp đo }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: percent_packet_loss
entity: [device]
op: above
for: 0s
clearFor: 0s
levels: [{ severity: minor, raise: 50, clear: 50 }]
`;

/** A load whose body is a broken line at one send and a healed one at the next. */
export function beatLoad(): LoadAgent {
  const [broken, healed] = [toLoad(BEAT_AGENT, linesWith(100)), toLoad(BEAT_AGENT, linesWith(0))];
  let beat = 0;
  return {
    ...broken,
    get bodies() {
      return (beat++ % 2 === 0 ? broken : healed).bodies;
    },
  };
}

export function startBeat(send: () => void): void {
  setInterval(send, BEAT_MS);
}

function linesWith(lossPct: number): Sample[] {
  return Array.from({ length: LINES }, (_, line) => ({
    measurement: 'ping',
    tags: { device: `beat-${line}` },
    fields: { percent_packet_loss: lossPct },
    timeMs: Date.now(),
  }));
}
