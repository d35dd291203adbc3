import type { Sample } from '../../../contract/sample.ts';
import { toLoad, type LoadAgent, type LoadFormat } from './load-shape.ts';

const LINES = 20;
const BEAT_MS = 250;

/** An agent besides the city whose lines fail and recover at each beat, so that there are transitions to measure. */
export const BEAT_AGENT = 'beat-0';

/** The rule that raises an alert at each failure at once, and clears it at each recovery. */
export const BEAT_RULE = `kind: threshold
name: { en: Bench beat, vi: Nhịp đo }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: percent_packet_loss
entity: [device]
across: newest
op: above
for: 0s
clearFor: 0s
levels: [{ severity: minor, raise: 50, clear: 50 }]
`;

/** A load whose lines fail at one send and recover at the next. */
export function beatLoad(format: LoadFormat): LoadAgent {
  const withLoss = (lossPct: number): LoadAgent =>
    toLoad({ agent: BEAT_AGENT, samples: linesWith(lossPct) }, format);
  const [failed, recovered] = [withLoss(100), withLoss(0)];
  let beat = 0;
  return {
    ...failed,
    get bodies() {
      return (beat++ % 2 === 0 ? failed : recovered).bodies;
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
