import { parseCounter, words } from './counter.ts';
import { malformed } from './source-error.ts';

export interface InterfaceCounters {
  readonly name: string;
  /** The 16 columns of /proc/net/dev: eight received, eight sent. */
  readonly columns: readonly bigint[];
}

/** Reads /proc/net/dev. Skips the host's ends of container links: each has a new name, so a new series. */
export function parseNetDev(text: string): InterfaceCounters[] {
  const interfaces: InterfaceCounters[] = [];
  for (const line of text.split('\n').slice(2)) {
    if (line.trim() === '') continue;
    // Old kernels print no space after the colon, and an alias has one in its name.
    const [, name, rest] = /^\s*(\S+):\s*(\d[\d\s]*)$/.exec(line) ?? [];
    const columns = words(rest ?? '').map((column) => parseCounter(column));
    if (name === undefined || columns.length < 16 || !columns.every((column) => column !== undefined)) {
      throw malformed('/proc/net/dev', line, 'an interface with 16 counters');
    }
    if (!/^(veth|cali|lxc)/.test(name)) interfaces.push({ name, columns });
  }
  return interfaces;
}
