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

/** A load whose lines fail at one send and recover at the next. Other lines each time: one that comes and goes is one alert that flaps. */
export function beatLoad(format: LoadFormat): LoadAgent {
  const load = (beat: number): LoadAgent =>
    toLoad({ agent: BEAT_AGENT, samples: linesWith(Math.floor(beat / 2), beat % 2 === 0 ? 100 : 0) }, format);
  let beat = 0;
  return {
    ...load(0),
    get bodies() {
      return load(beat++).bodies;
    },
  };
}

export function startBeat(send: () => void): void {
  setInterval(send, BEAT_MS);
}

function linesWith(round: number, lossPct: number): Sample[] {
  return Array.from({ length: LINES }, (_, line) => ({
    measurement: 'ping',
    tags: { device: `beat-${round}-${line}` },
    fields: { percent_packet_loss: lossPct },
    timeMs: Date.now(),
  }));
}
