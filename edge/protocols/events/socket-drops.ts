import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { parseAddress } from '../../../runtime/ip-range.ts';

export interface BoundAddress {
  readonly address: string;
  readonly port: number;
}

const DECIMAL = /^\d{1,10}$/;

/**
 * How many datagrams the kernel has dropped at the sockets bound to exactly this, from `/proc/net/udp` or `udp6` (proc(5)): its last
 * column. They came faster than they were read. Pure.
 */
export function parseSocketDrops(text: string, bound: BoundAddress, order = endianness()): number {
  const wanted = kernelName(bound, order);
  if (wanted === undefined) return 0;
  let drops = 0;
  for (const line of text.split('\n').slice(1)) {
    const columns = line.trim().split(/\s+/);
    const last = columns.at(-1) ?? '';
    if (columns[1] === wanted && DECIMAL.test(last)) drops += Number(last);
  }
  return drops;
}

/** Such as `0100007F:0202`: words of the address in the order of the processor. */
function kernelName({ address, port }: BoundAddress, order: 'BE' | 'LE'): string | undefined {
  const parsed = parseAddress(address);
  if (parsed === undefined) return undefined;
  const bytes = Buffer.from(parsed.value.toString(16).padStart(parsed.family === 4 ? 8 : 32, '0'), 'hex');
  let name = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const word = order === 'LE' ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    name += word.toString(16).padStart(8, '0');
  }
  return `${name}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

/** What the kernel dropped of one socket since the last look. */
export class SocketDrops {
  readonly #directory: string;
  #before = 0;

  /** `directory`: where `udp` and `udp6` are. */
  constructor(directory = '/proc/net') {
    this.#directory = directory;
  }

  /** 0 where the kernel does not tell. Never rejects. */
  async takeNew(bound: BoundAddress): Promise<number> {
    const file = parseAddress(bound.address)?.family === 6 ? 'udp6' : 'udp';
    const text = await readFile(`${this.#directory}/${file}`, 'utf8').catch(() => undefined);
    if (text === undefined) return 0;
    const now = parseSocketDrops(text, bound);
    const added = Math.max(0, now - this.#before);
    this.#before = now;
    return added;
  }
}
