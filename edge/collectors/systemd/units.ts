import type { FieldValue } from '../../../contract/sample.ts';
import { ACTIVE_CODES, LOAD_CODES, SUB_CODES } from './states.ts';

/** Properties requested of each unit; systemd(1), org.freedesktop.systemd1(5). A version omits those that it does not know. */
export const PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'UnitFilePreset',
  'NRestarts',
  'StatusErrno',
  'MainPID',
  'MemoryCurrent',
  'MemoryPeak',
  'MemoryAvailable',
  'MemorySwapCurrent',
  'MemorySwapPeak',
] as const;

export interface UnitState {
  readonly name: string;
  readonly load: string;
  readonly active: string;
  readonly sub: string;
}

export interface Unit extends UnitState {
  readonly unitFileState: string;
  readonly unitFilePreset: string;
  /** Automatic restarts since it was last started manually; services only. */
  readonly restarts: number | undefined;
  /** Telegraf's fields beyond the states. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

const FIELDS: readonly (readonly [property: (typeof PROPERTIES)[number], field: string])[] = [
  ['NRestarts', 'restarts'],
  ['StatusErrno', 'status_errno'],
  ['MainPID', 'pid'],
  ['MemoryCurrent', 'mem_current'],
  ['MemoryPeak', 'mem_peak'],
  ['MemoryAvailable', 'mem_avail'],
  ['MemorySwapCurrent', 'swap_current'],
  ['MemorySwapPeak', 'swap_peak'],
];
/** systemd's "not set" and "no limit" is 2^64 − 1. */
const MAX_INT64 = 2n ** 63n - 1n;
const NAME = /^[^\s\p{Cc}]{1,255}$/u;

/** Parses `systemctl list-units --plain --no-legend`; older versions mark some lines with a dot. Pure. */
export function parseList(text: string): UnitState[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', load = '', active = '', sub = ''] = line.replace(/^\s*[\u25cf*]?\s*/, '').split(/\s+/);
    return NAME.test(name) && name.includes('.') && sub !== '' ? [{ name, load, active, sub }] : [];
  });
}

/** Parses `systemctl show`: blocks of `Property=value`, an empty line between units. Skips blocks without a name. Pure. */
export function parseShow(text: string): Unit[] {
  const units = new Map<string, Unit>();
  for (const block of text.split(/\n\s*\n/)) {
    const properties = new Map<string, string>();
    for (const line of block.split('\n')) {
      const at = line.indexOf('=');
      if (at > 0) properties.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
    const unit = unitOf(properties);
    // A template or alias may be listed twice.
    if (unit !== undefined) units.set(unit.name, unit);
  }
  return [...units.values()];
}

function unitOf(properties: ReadonlyMap<string, string>): Unit | undefined {
  const name = properties.get('Id') ?? '';
  const state = (property: string): string => properties.get(property) ?? '';
  if (!NAME.test(name) || state('ActiveState') === '') return undefined;
  const fields: Record<string, FieldValue> = {};
  for (const [property, field] of FIELDS) {
    const value = wholeNumber(properties.get(property));
    if (value !== undefined) fields[field] = value;
  }
  return {
    name,
    load: state('LoadState'),
    active: state('ActiveState'),
    sub: state('SubState'),
    unitFileState: state('UnitFileState'),
    unitFilePreset: state('UnitFilePreset'),
    restarts: fields['restarts'] === undefined ? undefined : Number(fields['restarts']),
    fields,
  };
}

/** `[not set]` and the like are no value. */
function wholeNumber(text: string | undefined): number | bigint | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  if (value > MAX_INT64) return undefined;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Names may be longer than a tag may be. */
const MAX_TAG_CHARS = 128;

/** Telegraf's `systemd_units`; a state that its tables lack has a tag and no number. Pure. */
export function unitReading(
  unit: Unit,
  restarts5Min: number | undefined,
): {
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
} {
  const codes = {
    load_code: LOAD_CODES.get(unit.load),
    active_code: ACTIVE_CODES.get(unit.active),
    sub_code: SUB_CODES.get(unit.sub),
    restarts_5min: restarts5Min,
  };
  const tags = {
    name: unit.name,
    load: unit.load,
    active: unit.active,
    sub: unit.sub,
    uf_state: unit.unitFileState,
    uf_preset: unit.unitFilePreset,
  };
  return {
    tags: Object.fromEntries(
      Object.entries(tags).flatMap(([tag, value]) =>
        value === '' ? [] : [[tag, value.slice(0, MAX_TAG_CHARS)]],
      ),
    ),
    fields: {
      ...Object.fromEntries(
        Object.entries(codes).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
      ),
      ...unit.fields,
    },
  };
}

/** How many loaded units are in each state: `systemd_manager`. Pure. */
export function countsOf(units: readonly UnitState[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const state of ACTIVE_CODES.keys()) counts[`units_${state}_count`] = 0;
  let loaded = 0;
  for (const { load, active } of units) {
    if (load !== 'loaded') continue;
    loaded++;
    const field = `units_${active}_count`;
    if (counts[field] !== undefined) counts[field]++;
  }
  return { units_loaded_count: loaded, ...counts };
}
