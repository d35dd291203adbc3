import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../../runtime/errors.ts';
import { HWMON_FILE, hwmonReadings, zoneAsChip, type Chip } from './hwmon.ts';
import type { Part, Paths } from './parts.ts';
import { listOptional, readOptional } from '../../protocols/system/system-files.ts';

const MAX_CHIPS = 64;
const MAX_FILES = 256;
const ZONE_FILE = /^(?:type|temp|trip_point_\d{1,2}_(?:type|temp))$/;
/** The chip sleeps, does not answer, or the input is not connected: no value, as in lm-sensors. */
const NO_VALUE: ReadonlySet<string | undefined> = new Set([
  'EAGAIN',
  'ENODATA',
  'ENXIO',
  'ETIMEDOUT',
  'EBUSY',
  'EPERM',
  'EACCES',
]);

/** Hardware sensors; thermal zones if no chip has any. One file after the other, because they share a slow bus. */
export function hwmonPart(paths: Paths): Part {
  return {
    name: 'sensors',
    async read(signal) {
      const errors: Error[] = [];
      const chips = await readChips(join(paths.sysPath, 'class/hwmon'), signal, errors);
      const readings = hwmonReadings(chips);
      if (readings.length > 0 || errors.length > 0) return { readings, errors };
      const zones = await readZones(join(paths.sysPath, 'class/thermal'), signal, errors);
      return { readings: hwmonReadings(zones), errors };
    },
  };
}

async function readChips(directory: string, signal: AbortSignal, errors: Error[]): Promise<Chip[]> {
  const chips: Chip[] = [];
  for (const entry of (await listOptional(directory)).slice(0, MAX_CHIPS)) {
    const chip = join(directory, entry);
    const files = await readFiles(chip, HWMON_FILE, signal, errors);
    if (files.size === 0) continue;
    const name = (await readOptional(join(chip, 'name'), signal))?.trim() ?? '';
    chips.push({ name: name === '' ? 'unnamed' : name, device: await deviceOf(chip), files });
  }
  return chips;
}

async function readZones(directory: string, signal: AbortSignal, errors: Error[]): Promise<Chip[]> {
  const chips: Chip[] = [];
  const zones = (await listOptional(directory)).filter((entry) => /^thermal_zone\d+$/.test(entry));
  for (const entry of zones.slice(0, MAX_CHIPS)) {
    const zone = join(directory, entry);
    chips.push(zoneAsChip(await readFiles(zone, ZONE_FILE, signal, errors), zone));
  }
  return chips;
}

async function readFiles(
  directory: string,
  wanted: RegExp,
  signal: AbortSignal,
  errors: Error[],
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const names = (await listOptional(directory)).filter((name) => wanted.test(name));
  for (const name of names.slice(0, MAX_FILES)) {
    try {
      const text = await readOptional(join(directory, name), signal);
      if (text !== undefined) files.set(name, text);
    } catch (error) {
      signal.throwIfAborted();
      if (NO_VALUE.has(codeOf(error))) continue;
      errors.push(new Error(`sensors: ${join(directory, name)}: ${messageOf(error)}`, { cause: error }));
    }
  }
  return files;
}

async function deviceOf(chip: string): Promise<string> {
  return realpath(join(chip, 'device')).catch(() => chip);
}
