import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRecording, type Recording } from '../../simulators/devices/snmp/recording.ts';

/** Recordings of real SNMP agents, kept outside the project; their origin is documented with the data. */
const DIRECTORY = join(import.meta.dirname, '../../../shared/data/snmp');

export const hasRecordings = existsSync(join(DIRECTORY, 'manifest.json'));

export interface ManifestEntry {
  readonly interfaces: number;
  readonly adminUp: number;
  readonly operUp: number;
  readonly ifHCInOctets: number;
}

export function readManifest(): Readonly<Record<string, ManifestEntry>> {
  return JSON.parse(readFileSync(join(DIRECTORY, 'manifest.json'), 'utf8')) as Record<string, ManifestEntry>;
}

export function loadRecording(name: string): Recording {
  return parseRecording(readFileSync(join(DIRECTORY, `${name}.snmprec`), 'utf8'), name);
}
