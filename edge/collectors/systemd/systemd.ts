import { join } from 'node:path';
import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { namePattern } from '../name-pattern.ts';
import { RecentGrowth } from '../recent-growth.ts';
import { createSystemctl, isWithoutSystemd, problemOf, type Systemctl } from './systemctl.ts';
import { MAX_TROUBLED_UNITS, openTroubledUnitsRecord, type TroubledUnits } from './troubled-units.ts';
import { countsOf, parseList, parseShow, unitReading, type Unit, type UnitState } from './units.ts';

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
/**
 * Restarts are in no list, and to show all units costs ten times as much: once a minute is enough. A little less, for a run
 * that is early.
 */
const FULL_LOOK_MS = 55_000;
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
  const record = openTroubledUnitsRecord(file, deps.log);
  const growth = new RecentGrowth(RECENT_MS);
  const [isNamed, isIgnored] = [anyOf(config.units), anyOf(config.ignore)];
  let trouble: TroubledUnits | undefined;
  let nextFullLookMs = -Infinity;

  /** Those to look at closely: in trouble now or lately, or in the settings. */
  const namesToShow = (listed: readonly UnitState[], known: TroubledUnits): string[] => {
    const striking = listed.filter((unit) => isStriking(unit) || isNamed(unit.name)).map(({ name }) => name);
    const names = new Set([...known.names, ...exactNames(config.units), ...striking]);
    return [...names].filter((name) => !isIgnored(name));
  };

  /** Counts from the start of the run, and is not tried again at once: the list has to go on where this takes too long. */
  const isFullLookDue = (nowMs: number): boolean => {
    if (nowMs < nextFullLookMs) return false;
    nextFullLookMs = nowMs + FULL_LOOK_MS;
    return true;
  };

  const show = async (
    names: readonly string[],
    isDue: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly units: readonly Unit[]; readonly errors: Error[] }> => {
    const isFullLook = isDue || names.length > MAX_SHOWN;
    if (!isFullLook && names.length === 0) return { units: [], errors: [] };
    const result = await systemctl.show(names.slice(0, MAX_SHOWN), isFullLook, signal);
    const isWhole = result.error === null;
    const units = parseShow(isWhole ? result.stdout : wholeBlocks(result.stdout));
    if (!isWhole || units.length === 0) {
      return {
        units,
        errors: [new Error(`systemctl show: only ${units.length} units: ${problemOf(result)}`)],
      };
    }
    return { units, errors: [] };
  };

  return {
    name: 'systemd',
    async collect(signal): Promise<Collected> {
      const startMs = deps.clock.monotonicMs();
      const known = (trouble ??= record.read(deps.clock.now()));
      const list = await systemctl.list(signal);
      signal.throwIfAborted();
      if (isWithoutSystemd(list)) return { samples: [], errors: [] };
      const listed = parseList(list.stdout);
      if (list.error !== null || listed.length === 0) {
        throw new Error(`systemctl list-units: ${problemOf(list)}`);
      }
      const timeMs = deps.clock.now();
      const { units, errors } = await show(namesToShow(listed, known), isFullLookDue(startMs), signal);

      const recent = recentRestarts(units, growth, deps.clock.monotonicMs());
      growth.keepOnly(new Set([...listed.map(({ name }) => name), ...recent.keys()]));
      const inTrouble = units.filter(
        ({ name, active }) => !isIgnored(name) && (active === 'failed' || (recent.get(name) ?? 0) > 0),
      );
      const dropped = known.note(
        inTrouble.map(({ name }) => name),
        timeMs,
      );
      if (deps.isTrial !== true) errors.push(...keep(() => record.keep(known)));
      if (dropped > 0) {
        const all = inTrouble.length;
        errors.push(
          new Error(`systemd: ${all} units are in trouble, only ${MAX_TROUBLED_UNITS} of them are told of`),
        );
      }
      const told = new Set(known.names);
      const shown = units.filter(({ name }) => !isIgnored(name) && (told.has(name) || isNamed(name)));
      if (shown.length > MAX_SHOWN) {
        errors.push(new Error(`systemd: settings name ${shown.length} units, only ${MAX_SHOWN} are told of`));
      }
      return {
        samples: [
          sumsOf(listed, timeMs, deps),
          ...unitSamples(shown.slice(0, MAX_SHOWN), recent, timeMs, deps),
        ],
        errors,
      };
    },
    close: async () => undefined,
  };
}

/** Failed, or waiting to be restarted just now; who restarts at other moments shows at the next full look. */
function isStriking({ active, sub }: UnitState): boolean {
  return active === 'failed' || sub.startsWith('auto-restart');
}

function sumsOf(units: readonly UnitState[], timeMs: number, { commonTags }: CollectorDeps): Sample {
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
    if (restarts !== undefined) recent.set(name, growth.add(name, restarts, nowMs));
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
