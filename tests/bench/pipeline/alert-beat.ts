import type { InventoryFile } from '../../../contract/inventory.ts';
import type { Sample } from '../../../contract/sample.ts';
import { toLoad, type LoadAgent, type LoadFormat } from './load-shape.ts';

const LINES = 20;
const DEVICE = 'beat';

/** Four transitions a second on average: a city has far fewer, but their latency has to be measured. */
export const BEAT_MS = 5_000;
/** 80 transitions a second: what a city has for a while when much of it fails. */
export const STORM_BEAT_MS = 250;

/** An agent besides the city whose lines get slow and recover at each beat, so that there are transitions to measure. */
export const BEAT_AGENT = 'beat-0';

export const BEAT_RULE_ID = 'bench_beat';

/** The rule that raises an alert as a line gets slow, at once, and clears it at each recovery. */
export const BEAT_RULE = `kind: threshold
name: { en: Bench beat, vi: Nhịp đo }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: average_response_ms
entity: [url]
across: newest
op: above
for: 0s
clearFor: 0s
levels: [{ severity: minor, raise: 50, clear: 50 }]
`;

/** A load whose lines are slow at one send and recover at the next. Other lines each time: one that comes and goes is one alert that flaps. */
export function beatLoad(format: LoadFormat): LoadAgent {
  const load = (beat: number): LoadAgent =>
    toLoad({ agent: BEAT_AGENT, samples: linesWith(Math.floor(beat / 2), beat % 2 === 0 ? 100 : 1) }, format);
  let beat = 0;
  return {
    ...load(0),
    get bodies() {
      return load(beat++).bodies;
    },
  };
}

export function startBeat(send: () => void, everyMs: number): void {
  setInterval(send, everyMs);
}

/** Adds what it speaks of: central raises no alert about a device that its inventory lacks. */
export function withBeat(inventory: InventoryFile): InventoryFile {
  const [site] = inventory.sites;
  if (site === undefined) throw new Error('the inventory has no site for the agent of the beat');
  const place = { site: site.id, unit: site.unit };
  return {
    ...inventory,
    agents: [...inventory.agents, { id: BEAT_AGENT, kind: 'server', ...place }],
    devices: [...inventory.devices, { id: DEVICE, kind: 'probe', agent: BEAT_AGENT, ...place }],
  };
}

/** The response time says nothing about the state of the device. */
function linesWith(round: number, responseMs: number): Sample[] {
  return Array.from({ length: LINES }, (_, line) => ({
    measurement: 'ping',
    tags: { device: DEVICE, url: `beat-${round}-${line}` },
    fields: { average_response_ms: responseMs },
    timeMs: Date.now(),
  }));
}
