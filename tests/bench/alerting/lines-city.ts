import { emptyInventoryFile, type InventoryFile } from '../../../contract/inventory.ts';
import type { Sample } from '../../../contract/sample.ts';
import { UNITS } from '../../../simulators/city/units.ts';

const GATEWAYS = 50;
/** The node of each of these does not answer, nor does what is behind it. */
const DOWN = 25;
const LINES_PER_GATEWAY = 100;
/** As many alerts as lines: those behind a node that is down are suppressed, all others are incidents of their own. */
export const OPEN_ALERTS = GATEWAYS * LINES_PER_GATEWAY;
/** Its lines break and heal in turns. */
export const BEAT_GATEWAY = 'gw-beat';
const HUB = 'hub';
const [UNIT] = UNITS;

const ruleOf = (field: string, raise: number, clear: number, severity: string): string => `kind: threshold
name: { en: Bench ${field}, vi: Nhịp đo ${field} }
action: { en: None., vi: Không cần. }
eventType: quality_of_service
probableCause: degraded_signal
measurement: ping
field: ${field}
entity: [device]
across: newest
interval: 10s
op: above
for: 0s
clearFor: 0s
levels: [{ severity: ${severity}, raise: ${raise}, clear: ${clear} }]
`;
const NODE_DOWN = `kind: threshold
name: { en: Bench node down, vi: Nút mất }
action: { en: None., vi: Không cần. }
eventType: equipment
probableCause: equipment_malfunction
measurement: device
field: up
entity: [device]
across: newest
op: equals
for: 0s
clearFor: 0s
levels: [{ severity: major, values: false }]
`;

/** In the place of the shipped rules of these names, which wait for minutes; all others stay. */
export const LINE_RULES: Readonly<Record<string, string>> = {
  ping_loss: ruleOf('percent_packet_loss', 99, 50, 'minor'),
  ping_slow: ruleOf('average_response_ms', 500, 400, 'minor'),
  device_down: NODE_DOWN,
};
export const TOLD_RULES = Object.keys(LINE_RULES);

export interface LinesCity {
  readonly inventory: InventoryFile;
  readonly gateways: readonly string[];
}

/** 50 sites with a gateway, a node and 100 lines each, and one with `beatLines`. */
export function linesCity(beatLines: number): LinesCity {
  if (UNIT === undefined) throw new Error('the city has no units');
  const { code: unit, longitude, latitude } = UNIT;
  const file = emptyInventoryFile();
  file.units.push(UNIT);
  file.sites.push({ id: HUB, unit, name: HUB, kind: 'hub', longitude, latitude });
  const gateways = [...Array.from({ length: GATEWAYS }, (_, at) => gatewayAt(at)), BEAT_GATEWAY];
  for (const agent of gateways) {
    const site = `site-of-${agent}`;
    const place = { site, unit, agent };
    file.sites.push({ id: site, unit, name: site, kind: 'site', parents: [HUB], longitude, latitude });
    file.agents.push({ id: agent, kind: 'gateway', site, unit });
    file.devices.push({ id: nodeOf(agent), kind: 'node', ...place });
    for (let line = 0; line < (agent === BEAT_GATEWAY ? beatLines : LINES_PER_GATEWAY); line++)
      file.devices.push({ id: lineOf(agent, line), kind: 'line', parents: [nodeOf(agent)], ...place });
  }
  return { inventory: file, gateways };
}

/** What a gateway sends each interval: its node, and all its lines in trouble. */
export function troubleOf(gateway: string, timeMs: number): Sample[] {
  const isDown = Array.from({ length: DOWN }, (_, at) => gatewayAt(at)).includes(gateway);
  const lines = gateway === BEAT_GATEWAY ? 0 : LINES_PER_GATEWAY;
  return [
    { measurement: 'device', tags: { device: nodeOf(gateway) }, fields: { up: !isDown }, timeMs },
    ...Array.from({ length: lines }, (_, at) => {
      const line = lineOf(gateway, at);
      return isDown ? lostLine(line, timeMs) : answeringLine(line, 900, timeMs);
    }),
  ];
}

/** Lines of the beat that are slow now, and those that are no longer. */
export function beatOf(slow: readonly number[], healed: readonly number[], timeMs: number): Sample[] {
  const of = (lines: readonly number[], responseMs: number): Sample[] =>
    lines.map((line) => answeringLine(lineOf(BEAT_GATEWAY, line), responseMs, timeMs));
  return [...of(healed, 5), ...of(slow, 900)];
}

export function lineOf(gateway: string, line: number): string {
  return `${gateway}-line-${line}`;
}

function gatewayAt(at: number): string {
  return `gw-${at}`;
}

function nodeOf(gateway: string): string {
  return `node-of-${gateway}`;
}

function answeringLine(device: string, responseMs: number, timeMs: number): Sample {
  const fields = { percent_packet_loss: 0, average_response_ms: responseMs };
  return { measurement: 'ping', tags: { device }, fields, timeMs };
}

function lostLine(device: string, timeMs: number): Sample {
  return { measurement: 'ping', tags: { device }, fields: { percent_packet_loss: 100 }, timeMs };
}
