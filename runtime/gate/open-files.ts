import { readFileSync } from 'node:fs';

/** How many files and sockets this process may have open (`ulimit -n`, which Node raises to the hard limit); undefined: not known here. */
export function readOpenFilesLimit(): number | undefined {
  try {
    return parseOpenFilesLimit(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // Only Linux has it.
    return undefined;
  }
}

/** From `/proc/[pid]/limits` (proc(5)): the soft limit; undefined: unlimited or not there. Pure. */
export function parseOpenFilesLimit(text: string): number | undefined {
  const soft = /^Max open files\s+(\d+|unlimited)/m.exec(text)?.[1];
  return soft === undefined || soft === 'unlimited' ? undefined : Number(soft);
}
