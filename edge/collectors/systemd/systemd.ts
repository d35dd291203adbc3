import { join } from 'node:path';
import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import { REACHES_NOTHING } from '../../protocols/reach.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { namePattern } from '../name-pattern.ts';
import { RecentGrowth } from '../recent-growth.ts';
import type { ProgramResult } from '../../protocols/system/run-program.ts';
import { createSystemctl, isWithoutSystemd, problemOf, type Systemctl } from './systemctl.ts';
import { openTroubledUnitsRecord } from './troubled-units-record.ts';
import { MAX_TROUBLED_UNITS, type TroubledUnits } from './troubled-units.ts';
import { countsOf, parseList, parseShow, unitReading, type Unit, type UnitState } from './units.ts';

const pattern = z.string().min(1).max(255);

const configSchema = z.strictObject({
  /** Always reported; `*` and `?` as in systemctl. Others only while they have failed or restarted, and a day longer. */
  units: z.array(pattern).max(64).default([]),
  /** Never reported, not even when they fail. They count in the sums. */
  ignore: z.array(pattern).max(64).default([]),
});
export type SystemdConfig = z.infer<typeof configSchema>;

const MAX_SHOWN = 256;
const RECENT_MS = 300_000;
/**
 * Restart counts are only in the output of show, which for all units costs ten times as much as list: once a minute. A
 * little less, in case a run is early.
 */
const FULL_SHOW_MS = 55_000;
const TIMEOUT_MS = 10_000;

/** Units of systemd: those that failed or keep restarting, the configured ones, and how many are in each state. */
export const systemdKind: CollectorKind<SystemdConfig> = {
  kind: 'systemd',
  configSchema,
  defaultIntervalMs: 60_000,
  reaches: () => REACHES_NOTHING,
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
  let troubled: TroubledUnits | undefined;
  let nextFullShowMs = -Infinity;
  const templates = exactNames(config.units).filter(isTemplate);

  /** Units to show: failed or restarting now or recently, or configured. */
  const namesToShow = (listed: readonly UnitState[], known: TroubledUnits): string[] => {
    const suspicious = listed
      .filter((unit) => isSuspicious(unit) || isNamed(unit.name))
      .map(({ name }) => name);
    const names = new Set([...known.names, ...exactNames(config.units), ...suspicious]);
    return [...names].filter((name) => !isIgnored(name) && !templates.includes(name));
  };

  /** Counted from the start of the run, also when it fails: if it takes too long, list still works in the next runs. */
  const isFullShowDue = (nowMs: number): boolean => {
    if (nowMs < nextFullShowMs) return false;
    nextFullShowMs = nowMs + FULL_SHOW_MS;
    return true;
  };

  const show = async (
    names: readonly string[],
    isDue: boolean,
    signal: AbortSignal,
  ): Promise<{ readonly units: readonly Unit[]; readonly errors: Error[] }> => {
    const isFullShow = isDue || names.length > MAX_SHOWN;
    if (!isFullShow && names.length === 0) return { units: [], errors: [] };
    const asked = names.slice(0, MAX_SHOWN);
    const result = await systemctl.show(asked, isFullShow, signal);
    // One name that systemctl refuses ends its output: the others are asked for again without it.
    const refused = refusedNames(asked, result);
    if (refused.length > 0) {
      signal.throwIfAborted();
      const others = asked.filter((name) => !refused.includes(name));
      const rest = await show(others, isFullShow, signal);
      return { units: rest.units, errors: [...refused.map(refusalOf), ...rest.errors] };
    }
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
      const known = (troubled ??= record.read(deps.clock.now()));
      const list = await systemctl.list(signal);
      signal.throwIfAborted();
      if (isWithoutSystemd(list)) return { samples: [], errors: [] };
      const listed = parseList(list.stdout);
      if (list.error !== null || listed.length === 0) {
        throw new Error(`systemctl list-units: ${problemOf(list)}`);
      }
      const timeMs = deps.clock.now();
      const { units, errors } = await show(namesToShow(listed, known), isFullShowDue(startMs), signal);
      errors.push(...templates.map(templateError));

      const recent = recentRestarts(units, growth, deps.clock.monotonicMs());
      growth.keepOnly(new Set([...listed.map(({ name }) => name), ...recent.keys()]));
      const inTrouble = units.filter(
        ({ name, active }) => !isIgnored(name) && (active === 'failed' || (recent.get(name) ?? 0) > 0),
      );
      const dropped = known.update(
        inTrouble.map(({ name }) => name),
        timeMs,
      );
      if (deps.isTrial !== true) errors.push(...errorsOf(() => record.write(known)));
      if (dropped > 0) {
        const all = inTrouble.length;
        errors.push(
          new Error(`systemd: ${all} units failed or restarted, only ${MAX_TROUBLED_UNITS} of them are sent`),
        );
      }
      const reported = new Set(known.names);
      const shown = units.filter(({ name }) => !isIgnored(name) && (reported.has(name) || isNamed(name)));
      if (shown.length > MAX_SHOWN) {
        errors.push(new Error(`systemd: ${shown.length} units are configured, only ${MAX_SHOWN} are sent`));
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

/** Failed, or about to be restarted; a restart at another moment is found by the next full show. */
function isSuspicious({ active, sub }: UnitState): boolean {
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

/** Truncated output may end in the middle of a unit. */
function wholeBlocks(text: string): string {
  return text.slice(0, Math.max(0, text.lastIndexOf('\n\n')));
}

function anyOf(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map(namePattern);
  return (name) => tests.some((test) => test(name));
}

/** A unit configured by its full name is reported even if it is not loaded: that it is missing matters. */
function exactNames(patterns: readonly string[]): string[] {
  return patterns.filter((name) => !/[*?]/.test(name));
}

/** `getty@.service` is no unit, only its instances are; systemctl show refuses it. */
function isTemplate(name: string): boolean {
  return /@\.[a-z]+$/.test(name);
}

function templateError(name: string): Error {
  const all = name.replace('@.', '@*.');
  return new Error(`systemd: units: ${name} is a template; expected an instance of it, or ${all} for all`);
}

/** systemctl names what it refuses (`Unit name X is neither a valid invocation ID nor unit name`), and prints nothing after it. */
function refusedNames(asked: readonly string[], { error, stderr }: ProgramResult): string[] {
  if (error === null) return [];
  return asked.filter((name) => stderr.includes(`Unit name ${name} is `));
}

function refusalOf(name: string): Error {
  return new Error(
    `systemd: units: expected the name of a unit, such as nginx.service, got ${JSON.stringify(name)}`,
  );
}

function errorsOf(write: () => void): Error[] {
  try {
    write();
    return [];
  } catch (error) {
    return [
      new Error(`systemd: names of failed units cannot be written: ${messageOf(error)}`, { cause: error }),
    ];
  }
}
