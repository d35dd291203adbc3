export const UNITS = 168;
export const SITES = 800;
export const AGENTS = 1_000;
export const DAY_S = 86_400;

export interface Size {
  readonly series: number;
  readonly everyS: number;
  readonly days: number;
}

/** Of one measurement in the whole city: how many series, how often. Whatever is not listed is of one device. */
const CITY: Readonly<Record<string, Size>> = {
  city_state: { series: 1, everyS: 60, days: 7 },
  unit_state: { series: UNITS, everyS: 60, days: 7 },
  unit_traffic: { series: UNITS, everyS: 60, days: 7 },
  site_state: { series: SITES, everyS: 60, days: 7 },
  link_state: { series: SITES, everyS: 60, days: 7 },
  /** Two networks in each unit. */
  coverage: { series: 2 * UNITS, everyS: 60, days: 7 },
  pool_state: { series: 60, everyS: 60, days: 7 },
  capacity: { series: 60, everyS: 300, days: 7 },
  capacity_forecast: { series: 60, everyS: 21_600, days: 7 },
  alert_active: { series: 60, everyS: 60, days: 7 },
  incident_active: { series: 20, everyS: 60, days: 7 },
  alert_event: { series: 500, everyS: 3_600, days: 7 },
  pipeline: { series: 1, everyS: 10, days: 7 },
  canary_hop: { series: 10, everyS: 600, days: 7 },
  internet_speed: { series: SITES, everyS: 43_200, days: 7 },
  /** Of each agent itself; a page shows three hours of all. */
  agent: { series: AGENTS, everyS: 60, days: 1 },
  ingest_batch: { series: AGENTS, everyS: 60, days: 1 },
  service: { series: 100, everyS: 60, days: 1 },
};
/** Series of one device, such as the disks of a server. */
const OF_ONE: Size = { series: 8, everyS: 60, days: 7 };
const PORTS: Size = { series: 48, everyS: 60, days: 7 };
/** Tags that are the same in all series of one device. */
const ONE = new Set(['device', 'host', 'site', 'unit', 'agent']);

export function sizeOf(measurement: string): Size {
  return CITY[measurement] ?? (measurement === 'interface' ? PORTS : OF_ONE);
}

/** The tags of a series of a measurement that has these. */
export function tagsOf(measurement: string, names: readonly string[], series: number) {
  const isCity = CITY[measurement] !== undefined;
  return names
    .filter((tag) => tag !== 'collector' && !(measurement === 'alarm_quality' && tag === 'severity'))
    .map((tag) => [tag, cityTag(tag, !isCity && ONE.has(tag) ? 0 : series)] as const);
}

/** The value of a tag in a series: the first of a device is the one that a page is opened with. */
export function cityTag(tag: string, series: number): string {
  if (tag === 'cpu') return 'cpu-total';
  if (tag === 'severity') return ['critical', 'major', 'minor', 'warning'][series % 4] ?? '';
  if (tag === 'operator') return ['viettel', 'vinaphone', 'mobifone'][series % 3] ?? '';
  if (tag === 'rat') return 'nr';
  if (tag === 'unit') return String(26_734 + (series % UNITS));
  return `${tag}-${series}`;
}
