import { readdirSync, readFileSync } from 'node:fs';

/** What `wardwatch start` runs, by a word in the command line of each child. */
const CHILDREN = { 'edge agent': ' edge ', 'simulated city': ' simulate ' } as const;

/** The processes of `wardwatch start`, by name; throws when one of them does not run. */
export function cityProcesses(pid: number): Record<string, number> {
  const children = childrenOf(pid);
  const found: Record<string, number> = { central: pid };
  for (const [name, word] of Object.entries(CHILDREN)) {
    const child = children.find(({ commandLine }) => commandLine.includes(word));
    if (child === undefined) throw new Error(`start has no process "${name}"`);
    found[name] = child.pid;
  }
  return found;
}

/** Memory of a process with each page divided by how many processes share it (proc_pid_smaps(5), Pss), MiB. */
export function sharedMemoryMiB(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? NaN) / 1024;
}

function childrenOf(pid: number): { readonly pid: number; readonly commandLine: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The parent is the second field after the name, which may contain spaces.
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        if (parent !== pid) return [];
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), commandLine }];
      } catch {
        return []; // It has ended.
      }
    });
}
