import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../../contract/measurements/index.ts';
import { KindHarness } from '../../../testing/kind-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../load-rules.ts';

const MINUTE_S = 60;
const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ settings }) => settings.kind === 'rate',
);

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
  harness.start(shipped);
});
afterEach(() => harness.end());

/** From one minute to another; `at`: 0 to 1 between them. */
interface Sending {
  readonly from: number;
  readonly to: number;
  readonly everyMinutes: number;
}

function sendEach(
  { from, to, everyMinutes }: Sending,
  row: Omit<Parameters<KindHarness['send']>[1], 'fields'>,
  fieldsAt: (share: number) => Readonly<Record<string, number>>,
): void {
  for (let minute = from; minute < to; minute += everyMinutes)
    harness.send(minute * MINUTE_S, { ...row, fields: fieldsAt((minute - from) / (to - from)) });
}

const active = (): string[] => harness.engine.active().map(({ rule }) => rule);

describe('a disk that filled within 20 minutes', () => {
  const disk = { measurement: 'disk', tags: { host: 'srv-1', path: '/' } };
  const send = (from: number, to: number, usedAt: (share: number) => number): void =>
    sendEach({ from, to, everyMinutes: 1 }, disk, (share) => ({ used_percent: usedAt(share) }));

  it('is an alert for as long as it is nearly full, though it grows no more, and no longer', () => {
    send(0, 40, () => 45);
    send(40, 60, (share) => 45 + 53.5 * share);
    send(60, 240, () => 98.5);
    expect(active()).toEqual(['disk_filling']);
    send(240, 300, () => 45);
    expect(active()).toEqual([]);
  });
});

describe('a room that warmed within an hour', () => {
  const room = { measurement: 'environment', tags: { device: 'th-1', sensor: 'rack' } };
  const send = (from: number, to: number, heatAt: (share: number) => number): void =>
    sendEach({ from, to, everyMinutes: 5 }, room, (share) => ({ temperature_celsius: heatAt(share) }));

  it('is an alert for as long as it is hot, though it warms no more', () => {
    send(0, 60, () => 22);
    send(60, 120, (share) => 22 + 20 * share);
    send(120, 400, () => 42);
    expect(active()).toEqual(['room_warming']);
    send(400, 520, () => 23);
    expect(active()).toEqual([]);
  });
});

describe('requests that wait for a disk', () => {
  const disk = { measurement: 'diskio', tags: { host: 'srv-1', name: 'sda' } };
  let waitedMs = 0;
  /** `queue`: requests that wait, on average. */
  const send = (from: number, to: number, queue: number): void =>
    sendEach({ from, to, everyMinutes: 1 }, disk, () => ({
      weighted_io_time: (waitedMs += queue * MINUTE_S * 1_000),
    }));

  it('are an alert when more than ten wait for half an hour, not for some minutes', () => {
    send(0, 60, 2);
    send(60, 65, 40);
    send(65, 120, 2);
    expect(active()).toEqual([]);
    send(120, 160, 14);
    expect(active()).toEqual(['disk_queue_long']);
    send(160, 200, 1);
    expect(active()).toEqual([]);
  });
});

describe('packets with errors', () => {
  const net = { measurement: 'net', tags: { host: 'srv-1', interface: 'eth0' } };
  let [received, errors] = [0, 0];
  const send = (from: number, to: number, errorsPerMinute: number): void =>
    sendEach({ from, to, everyMinutes: 1 }, net, () => ({
      packets_recv: (received += 6_000),
      err_in: (errors += errorsPerMinute),
    }));

  it('are an alert above one in a hundred over an hour, and over below one in two hundred', () => {
    send(0, 120, 3);
    expect(active()).toEqual([]);
    send(120, 240, 120);
    expect(active()).toEqual(['net_errors_in']);
    send(240, 400, 3);
    expect(active()).toEqual([]);
  });
});
