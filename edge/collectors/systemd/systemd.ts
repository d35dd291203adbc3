import { join } from 'node:path';
import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { namePattern } from '../name-pattern.ts';
import { RecentGrowth } from '../recent-growth.ts';
import { createSystemctl, isWithoutSystemd, type Systemctl } from './systemctl.ts';
import { MAX_IN_TROUBLE, openTroubleShelf, type Trouble } from './trouble-book.ts';
import { countsOf, parseShow, unitReading, type Unit } from './units.ts';

const pattern = z.string().min(1).max(255);

const configSchema = z.strictObject({
  /** Always told of; `*` and `?` as in systemctl. Others only while they are in trouble, and a day longer. */
  units: z.array(pattern).max(64).default([]),
  /** Never told of, not even when they fail. They count in the sums. */
  ignore: z.array(pattern).max(64).default([]),
});
export type SystemdConfig = z.infer<typeof configSchema>;

const MAX_SHOWN = 256;
const RECENT_MS = 300_000;
const TIMEOUT_MS = 10_000;

/** Units of systemd: those that failed or keep restarting, those that are named, and how many are in each state. */
export const systemdKind: CollectorKind<SystemdConfig> = {
  kind: 'systemd',
  configSchema,
  defaultIntervalMs: 60_000,
  create: (config, deps) => createSystemdCollector(config, createSystemctl(TIMEOUT_MS), deps),
};

export function createSystemdCollector(
  config: SystemdConfig,
  systemctl: Systemctl,
  deps: CollectorDeps,
): Collector {
  const { dataDirectory } = deps;
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, 'systemd-trouble.json');
  const shelf = openTroubleShelf(file, deps.log);
  const growth = new RecentGrowth(RECENT_MS);
  const [isNamed, isIgnored] = [anyOf(config.units), anyOf(config.ignore)];
  let trouble: Trouble | undefined;

  return {
    name: 'systemd',
    async collect(signal): Promise<Collected> {
      const known = (trouble ??= shelf.read(deps.clock.now()));
      const asked = known.names.filter((name) => !isIgnored(name));
      const result = await systemctl([...asked, ...exactNames(config.units)], signal);
      signal.throwIfAborted();
      if (isWithoutSystemd(result)) return { samples: [], errors: [] };
      const isWhole = result.error === null;
      const units = parseShow(isWhole ? result.stdout : wholeBlocks(result.stdout));
      if (units.length === 0) throw new Error(`systemctl show: ${problemOf(result)}`);

      const recent = recentRestarts(units, growth, deps.clock.monotonicMs());
      // A unit beyond the end keeps what it is compared with.
      if (isWhole) growth.keep(new Set(recent.keys()));
      const inTrouble = units.filter(
        ({ name, active }) => !isIgnored(name) && (active === 'failed' || (recent.get(name) ?? 0) > 0),
      );
      const timeMs = deps.clock.now();
      const dropped = known.note(
        inTrouble.map(({ name }) => name),
        timeMs,
      );
      const errors = deps.isTrial === true ? [] : keep(() => shelf.keep(known));
      if (!isWhole) {
        errors.push(new Error(`systemctl show: only part of the units, no sums: ${problemOf(result)}`));
      }
      if (dropped > 0) {
        const all = inTrouble.length;
        errors.push(
          new Error(`systemd: ${all} units are in trouble, only ${MAX_IN_TROUBLE} of them are told of`),
        );
      }
      const told = new Set(known.names);
      const shown = units.filter(({ name }) => !isIgnored(name) && (told.has(name) || isNamed(name)));
      if (shown.length > MAX_SHOWN) {
        errors.push(new Error(`systemd: settings name ${shown.length} units, only ${MAX_SHOWN} are told of`));
      }
      const named = unitSamples(shown.slice(0, MAX_SHOWN), recent, timeMs, deps);
      return { samples: isWhole ? [sumsOf(units, timeMs, deps), ...named] : named, errors };
    },
    close: async () => undefined,
  };
}

function sumsOf(units: readonly Unit[], timeMs: number, { commonTags }: CollectorDeps): Sample {
  return { measurement: 'systemd_manager', tags: commonTags, fields: countsOf(units), timeMs };
}

function unitSamples(
  shown: readonly Unit[],
  recent: ReadonlyMap<string, number>,
  timeMs: number,
  { commonTags }: CollectorDeps,
): Sample[] {
  return shown.map((unit) => {
    const { tags, fields } = unitReading(unit, recent.get(unit.name));
    return { measurement: 'systemd_units', tags: { ...commonTags, ...tags }, fields, timeMs };
  });
}

function recentRestarts(
  units: readonly Unit[],
  growth: RecentGrowth,
  nowMs: number,
): ReadonlyMap<string, number> {
  const recent = new Map<string, number>();
  for (const { name, restarts } of units) {
    if (restarts !== undefined) recent.set(name, growth.of(name, restarts, nowMs));
  }
  return recent;
}

/** Output that was cut short may end in the middle of a unit. */
function wholeBlocks(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf('\n\n')));
}

function anyOf(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map(namePattern);
  return (name) => tests.some((test) => test(name));
}

/** A unit that is named in full is told of also when it is not even loaded: that it is missing is what one wants to know. */
function exactNames(patterns: readonly string[]): string[] {
  return patterns.filter((name) => !/[*?]/.test(name));
}

function problemOf({
  error,
  stdout,
  stderr,
}: {
  error: Error | null;
  stdout: string;
  stderr: string;
}): string {
  if (error !== null && codeOf(error) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'it prints too much';
  const killed = error !== null && 'killed' in error && error.killed === true;
  if (killed) return `no answer within ${TIMEOUT_MS} ms`;
  const said = stderr.trim() !== '' ? stderr.trim() : stdout.trim();
  return `expected units, got ${JSON.stringify(said.slice(0, 200))}`;
}

function keep(write: () => void): Error[] {
  try {
    write();
    return [];
  } catch (error) {
    return [
      new Error(`systemd: units in trouble cannot be remembered: ${messageOf(error)}`, { cause: error }),
    ];
  }
}
