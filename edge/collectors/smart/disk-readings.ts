import type { FieldValue } from '../../../contract/sample.ts';
import { isFailing, type Report } from './report.ts';

export interface DiskReading {
  readonly measurement: 'smart_device' | 'smart_attribute';
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Attributes whose raw value predicts failure: reallocated, reported uncorrectable, timeouts, pending, offline uncorrectable. */
const WATCHED: ReadonlySet<bigint> = new Set([5n, 187n, 188n, 197n, 198n]);

/** Raw values of attributes that Telegraf has as fields of the disk. */
const RAW_FIELDS: readonly (readonly [id: bigint, field: string])[] = [
  [1n, 'read_error_rate'],
  [5n, 'reallocated_sectors_count'],
  [7n, 'seek_error_rate'],
  [187n, 'uncorrectable_errors'],
  [197n, 'pending_sector_count'],
  [198n, 'uncorrectable_sector_count'],
  [199n, 'udma_crc_errors'],
];
/** …and those identified by name, with the normalised value: makers use their ids for other things. */
const NAMED_FIELDS: Readonly<Record<string, string>> = {
  Media_Wearout_Indicator: 'media_wearout_indicator',
  Wear_Leveling_Count: 'wear_leveling_count',
  Percent_Lifetime_Remain: 'percent_lifetime_remain',
};

const NVME_LOG = 'nvme_smart_health_information_log';
const NVME_FIELDS: readonly (readonly [key: string, field: string])[] = [
  ['critical_warning', 'critical_warning'],
  ['available_spare', 'available_spare'],
  ['available_spare_threshold', 'available_spare_threshold'],
  ['percentage_used', 'percentage_used'],
  ['media_errors', 'media_errors'],
  ['num_err_log_entries', 'error_log_entries'],
  ['unsafe_shutdowns', 'unsafe_shutdowns'],
  ['warning_temp_time', 'warning_temperature_time'],
  ['critical_comp_time', 'critical_temperature_time'],
];

/** Telegraf's `smart_device`, and `smart_attribute` for the watched attributes of an ATA disk. Pure. */
export function diskReadings(report: Report): DiskReading[] {
  const tags = diskTags(report);
  const status = toField(report.integer('smartctl', 'exit_status'));
  const fields = present({
    exit_status: status,
    health_ok: isFailing(report) ? false : report.flag('smart_status', 'passed'),
    temp_c: inRange(report.integer('temperature', 'current'), -40n, 150n),
    power_on_hours: toField(report.integer('power_on_time', 'hours')),
    power_cycle_count: toField(report.integer('power_cycle_count')),
    ...ataFields(report),
    ...nvmeFields(report),
    ...scsiFields(report),
  });
  const disk: DiskReading = { measurement: 'smart_device', tags, fields };
  return [disk, ...attributeReadings(report, tags, status)];
}

function diskTags(report: Report): Record<string, string> {
  const type = report.text('device', 'type');
  const enabled = report.flag('smart_support', 'enabled');
  return tagged({
    device: (report.text('device', 'name') ?? 'unknown').replace(/^.*\//, ''),
    // All disks of a controller share its name.
    device_type: type?.includes(',') === true ? type : undefined,
    model: report.text('model_name') ?? report.text('scsi_model_name') ?? report.text('scsi_product'),
    serial_no: report.text('serial_number'),
    wwn: worldwideName(report),
    capacity: report.integer('user_capacity', 'bytes')?.toString(),
    enabled: enabled === undefined ? undefined : enabled ? 'Enabled' : 'Disabled',
  });
}

/** Hexadecimal: naming authority, maker (24 bit), id (36 bit). */
function worldwideName(report: Report): string | undefined {
  const [naa, oui, id] = ['naa', 'oui', 'id'].map((key) => report.integer('wwn', key));
  if (naa === undefined || oui === undefined || id === undefined) return undefined;
  return naa.toString(16) + oui.toString(16).padStart(6, '0') + id.toString(16).padStart(9, '0');
}

function ataFields(report: Report): Record<string, FieldValue | undefined> {
  const fields: Record<string, FieldValue | undefined> = {};
  for (const attribute of report.list('ata_smart_attributes', 'table')) {
    const id = attribute.integer('id');
    const raw = RAW_FIELDS.find(([known]) => known === id);
    if (raw !== undefined) fields[raw[1]] = toField(attribute.integer('raw', 'value'));
    const named = NAMED_FIELDS[attribute.text('name') ?? ''];
    if (named !== undefined) fields[named] = inRange(attribute.integer('value'), 0n, 100n);
  }
  return fields;
}

function nvmeFields(report: Report): Record<string, FieldValue | undefined> {
  return Object.fromEntries(
    NVME_FIELDS.map(([key, field]) => [field, toField(report.integer(NVME_LOG, key))]),
  );
}

/** SAS disks have counters of defects and errors instead of attributes. */
function scsiFields(report: Report): Record<string, FieldValue | undefined> {
  const errors = ['read', 'write', 'verify'].map((way) =>
    report.integer('scsi_error_counter_log', way, 'total_uncorrected_errors'),
  );
  const counted = errors.filter((count) => count !== undefined);
  const grown = toField(report.integer('scsi_grown_defect_list'));
  const used = toField(report.integer('scsi_percentage_used_endurance_indicator'));
  return {
    ...(grown !== undefined && { reallocated_sectors_count: grown }),
    ...(counted.length > 0 && {
      uncorrectable_errors: toField(counted.reduce((sum, count) => sum + count, 0n)),
    }),
    ...(used !== undefined && { percentage_used: used }),
  };
}

function attributeReadings(
  report: Report,
  diskTag: Readonly<Record<string, string>>,
  status: FieldValue | undefined,
): DiskReading[] {
  return report.list('ata_smart_attributes', 'table').flatMap((attribute): DiskReading[] => {
    const id = attribute.integer('id');
    const name = attribute.text('name');
    if (id === undefined || name === undefined || !WATCHED.has(id)) return [];
    const failed = attribute.text('when_failed');
    const tags = tagged({
      ...diskTag,
      id: id.toString(),
      name,
      flags: attribute.text('flags', 'string'),
      fail: failed === undefined || failed === '' ? '-' : failed,
    });
    const fields = present({
      raw_value: toField(attribute.integer('raw', 'value')),
      value: toField(attribute.integer('value')),
      worst: toField(attribute.integer('worst')),
      threshold: toField(attribute.integer('thresh')),
      exit_status: status,
    });
    return [{ measurement: 'smart_attribute', tags, fields }];
  });
}

const MAX_INT64 = 2n ** 63n - 1n;

/** Negative counters are invalid; capped at signed 64 bits, as stores do. */
function toField(value: bigint | undefined): FieldValue | undefined {
  if (value === undefined || value < 0n) return undefined;
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value < MAX_INT64 ? value : MAX_INT64;
}

function inRange(value: bigint | undefined, min: bigint, max: bigint): number | undefined {
  return value !== undefined && value >= min && value <= max ? Number(value) : undefined;
}

const MAX_TAG_CHARS = 128;

/** Texts of disks are untrusted: no control characters, no longer than a tag may be. */
function tagged(tags: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([tag, value]) => {
      const clean = (value ?? '')
        .replace(/\p{Cc}/gu, ' ')
        .trim()
        .slice(0, MAX_TAG_CHARS);
      return clean === '' ? [] : [[tag, clean]];
    }),
  );
}

function present(fields: Readonly<Record<string, FieldValue | undefined>>): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined),
  );
}
