import type { z } from 'zod';
import {
  agencySchema,
  deviceSchema,
  expectedAgentSchema,
  formerUnitSchema,
  linkSchema,
  namedInterfaceSchema,
  poolSchema,
  serviceSchema,
  siteSchema,
  unitSchema,
  type InventoryFile,
} from '../../../contract/inventory.ts';
import type { InventoryList } from '../check/problem.ts';
import {
  day,
  decimal,
  freeText,
  intervals,
  nameText,
  needs,
  unitCode,
  unitCodes,
  unitsUntil,
  whole,
  word,
  words,
  type Codec,
} from './codecs.ts';

export interface Column {
  readonly name: string;
  /** Where its value stands in an entry. */
  readonly path: readonly (string | number)[];
  readonly codec: Codec;
  /** The list that its value names an entry of. */
  readonly target?: InventoryList;
}

export interface CsvKind<Entry = unknown> {
  readonly schema: z.ZodType<Entry>;
  /** What tells one entry from another. */
  readonly keys: readonly string[];
  readonly columns: readonly Column[];
}

const POSITION = [column('longitude', decimal), column('latitude', decimal)];
const AGENCY = column('agency', word, 'agencies');
const UNIT = column('unit', unitCode, 'units');
const SITE = column('site', word, 'sites');
const CONTACT = [column('contact', freeText), column('notes', freeText)];
const RECORD = [AGENCY, column('installedOn', day), column('retiredOn', day), ...CONTACT];

/** The files of an inventory in CSV, `<list>.csv`. What others refer to comes first. */
export const CSV_KINDS: { readonly [List in InventoryList]: CsvKind<InventoryFile[List][number]> } = {
  units: {
    schema: unitSchema,
    keys: ['code'],
    columns: [
      column('code', unitCode),
      column('name', nameText),
      column('nameEn', nameText),
      column('kind', word),
      ...POSITION,
      column('areaKm2', decimal),
    ],
  },
  formerUnits: {
    schema: formerUnitSchema,
    keys: ['until'],
    columns: [
      column('code', unitCode),
      column('name', nameText),
      column('kind', word),
      column('district', nameText),
      column('from', day),
      column('until', day),
      column('successors', unitCodes),
    ],
  },
  agencies: {
    schema: agencySchema,
    keys: ['id'],
    columns: [column('id', word), column('name', nameText), ...CONTACT],
  },
  sites: {
    schema: siteSchema,
    keys: ['id'],
    columns: [
      column('id', word),
      UNIT,
      column('formerUnits', unitsUntil),
      column('name', nameText),
      column('kind', word),
      column('parents', words),
      ...POSITION,
      ...RECORD,
    ],
  },
  agents: {
    schema: expectedAgentSchema,
    keys: ['id'],
    columns: [
      column('id', word),
      column('kind', word),
      SITE,
      UNIT,
      column('maxIntervalMs', whole),
      ...RECORD,
    ],
  },
  devices: {
    schema: deviceSchema,
    keys: ['id'],
    columns: [
      column('id', word),
      column('kind', word),
      column('name', nameText),
      SITE,
      UNIT,
      column('agent', word, 'agents'),
      column('otherAgents', words),
      column('parents', words),
      column('expects', intervals),
      ...RECORD,
    ],
  },
  interfaces: {
    schema: namedInterfaceSchema,
    keys: ['device', 'name'],
    columns: [
      column('device', word, 'devices'),
      column('name', freeText),
      column('description', freeText),
      column('capacityBps', whole),
      column('link', word, 'links'),
    ],
  },
  links: {
    schema: linkSchema,
    keys: ['id'],
    columns: [
      column('id', word),
      column('kind', word),
      ...endColumns('from', 0),
      ...endColumns('to', 1),
      column('operator', freeText),
      column('capacityBps', whole),
      ...RECORD,
    ],
  },
  pools: {
    schema: poolSchema,
    keys: ['id', 'resource'],
    columns: [column('id', word), SITE, column('resource', freeText), column('agents', words), ...RECORD],
  },
  services: {
    schema: serviceSchema,
    keys: ['id'],
    columns: [
      column('id', word),
      column('name', nameText),
      column('availabilityTargetPercent', decimal),
      column('needs', needs),
      ...RECORD,
    ],
  },
};

export const CSV_LISTS = Object.keys(CSV_KINDS) as readonly InventoryList[];

function column(name: string, codec: Codec, target?: InventoryList): Column {
  return { name, path: [name], codec, ...(target !== undefined && { target }) };
}

/** The two ends of a link: `fromSite`, `fromDevice`, `fromInterface`, and the same with `to`. */
function endColumns(prefix: 'from' | 'to', side: 0 | 1): readonly Column[] {
  return [
    { name: `${prefix}Site`, path: ['ends', side, 'site'], codec: word, target: 'sites' },
    { name: `${prefix}Device`, path: ['ends', side, 'device'], codec: word, target: 'devices' },
    { name: `${prefix}Interface`, path: ['ends', side, 'interface'], codec: freeText },
  ];
}
