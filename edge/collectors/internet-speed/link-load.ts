import { join } from 'node:path';
import type { Clock } from '../../../runtime/clock.ts';
import { parseNetDev } from '../../protocols/system/network-counters.ts';
import { readNeeded } from '../../protocols/system/system-files.ts';

/** Current or contracted rate of a line. */
export interface LineRate {
  readonly downloadMbps: number;
  readonly uploadMbps: number;
}

/** Bytes received and sent by an interface since boot; undefined when there is none of that name. */
export interface LineCounters {
  readonly received: bigint;
  readonly sent: bigint;
}

const RECEIVED = 0;
const SENT = 8;

/** From /proc/net/dev. Pure. */
export function lineCounters(netDev: string, interfaceName: string): LineCounters | undefined {
  const columns = parseNetDev(netDev).find(({ name }) => name === interfaceName)?.columns;
  const [received, sent] = [columns?.[RECEIVED], columns?.[SENT]];
  return received === undefined || sent === undefined ? undefined : { received, sent };
}

/** Undefined when a counter went backwards: restarted or wrapped. Pure. */
export function lineRate(before: LineCounters, after: LineCounters, elapsedMs: number): LineRate | undefined {
  const received = after.received - before.received;
  const sent = after.sent - before.sent;
  if (received < 0n || sent < 0n || elapsedMs <= 0) return undefined;
  const mbps = (bytes: bigint): number => (8 * Number(bytes)) / (elapsedMs * 1_000);
  return { downloadMbps: mbps(received), uploadMbps: mbps(sent) };
}

/** The busier direction, in % of what the line is contracted to carry. Pure. */
export function busyPercent(rate: LineRate, contract: LineRate): number {
  return 100 * Math.max(rate.downloadMbps / contract.downloadMbps, rate.uploadMbps / contract.uploadMbps);
}

/** RTF_UP, route(8). */
const UP = 0x1;

/** The interface of the default route with the lowest metric, from /proc/net/route (IPv4). Pure. */
export function defaultInterface(routes: string): string | undefined {
  const defaults = routes
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , flags, , , , mask]) => {
      const isUp = (Number.parseInt(flags ?? '', 16) & UP) !== 0;
      return destination === '00000000' && mask === '00000000' && isUp;
    })
    .map(([name, , , , , , metric]) => ({ name, metric: Number(metric) }));
  return defaults.toSorted((a, b) => a.metric - b.metric)[0]?.name;
}

const SAMPLE_MS = 2_000;

/** Rate over two seconds by the counters of the interface, by default that of the default route. */
export async function readLineRate(
  options: { readonly procPath: string; readonly interfaceName: string | undefined },
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<LineRate> {
  const { clock, signal } = deps;
  const file = join(options.procPath, 'net/dev');
  const name =
    options.interfaceName ?? defaultInterface(await readNeeded(join(options.procPath, 'net/route'), signal));
  if (name === undefined) throw new Error('no default route over IPv4: name the interface of the line');
  const read = async (): Promise<LineCounters> => {
    const counters = lineCounters(await readNeeded(file, signal), name);
    if (counters === undefined) throw new Error(`${file} has no interface ${JSON.stringify(name)}`);
    return counters;
  };
  const before = await read();
  const startMs = clock.monotonicMs();
  await clock.sleep(SAMPLE_MS, signal);
  const rate = lineRate(before, await read(), clock.monotonicMs() - startMs);
  if (rate === undefined) throw new Error(`the counters of ${name} went backwards`);
  return rate;
}
