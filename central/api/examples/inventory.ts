import { AT_MS, AGENCY, LINK } from './shared.ts';

const ENTRY = {
  kind: 'agencies',
  id: AGENCY.id,
  revision: 7,
  changedAtMs: AT_MS,
  changedBy: 'an engineer',
  entry: AGENCY,
};

const IMPORTED = {
  revision: 7,
  dryRun: true,
  counts: { added: 1, changed: 1, removed: 0 },
  added: [{ kind: 'devices', id: 'n-26737-02' }],
  changed: [
    {
      kind: 'devices',
      id: 'n-26737-01',
      fields: [{ field: 'agent', before: 'gw-26737-01', after: 'gw-26737-02' }],
    },
  ],
  removed: [],
  notes: [],
  truncated: false,
};

/** The inventory. */
export const INVENTORY_EXAMPLES = {
  'GET /api/v1/search': {
    hits: [
      { kind: 'unit', id: '26737', name: 'Tân Định', match: 'exact' },
      { kind: 'former-unit', id: '26734', name: 'Tân Định', match: 'exact', todaysUnits: ['26737'] },
    ],
    total: 31,
    truncated: true,
  },
  'GET /api/v1/agencies': { items: [AGENCY] },
  'GET /api/v1/interfaces': {
    items: [
      { device: 'n-26737-01', name: 'ge-0/0/1', description: 'Uplink', capacityBps: 1e9, link: LINK.id },
    ],
  },
  'GET /api/v1/inventory/schema': {
    kinds: { agencies: { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] } },
  },
  'GET /api/v1/inventory/entries': { items: [{ id: AGENCY.id, entry: AGENCY }] },
  'GET /api/v1/inventory/{kind}/{id}': ENTRY,
  'PUT /api/v1/inventory/{kind}/{id}': ENTRY,
  'GET /api/v1/inventory/changes': {
    items: [
      {
        number: 51,
        revision: 7,
        atMs: AT_MS,
        actor: 'an engineer',
        kind: 'agencies',
        id: AGENCY.id,
        before: { ...AGENCY, contact: '028 0000 0001' },
        after: AGENCY,
        fields: [{ field: 'contact', before: '028 0000 0001', after: AGENCY.contact }],
      },
    ],
  },
  'POST /api/v1/inventory/import': IMPORTED,
  'POST /api/v1/inventory/import-csv': IMPORTED,
};
