import { z } from 'zod';
import type { InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import type { RecordedBefore, Recording } from '../../rehearsal/recording/recording.ts';

/** A GET of central's API, by its path after `/api/v1`. */
export type Ask = <T>(path: string, schema: z.ZodType<T>) => Promise<T>;

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const catalogueSchema = z.object({
  measurements: z.array(
    z.object({
      name: z.string(),
      origin: z.string(),
      fields: z.record(z.string(), z.object({ type: z.string() })),
    }),
  ),
});
const latestSchema = z.object({ rows: z.array(z.unknown()) });
const seriesSchema = z.object({
  series: z.array(
    z.object({
      tags: z.record(z.string(), z.string()),
      points: z.array(z.tuple([z.number(), z.union([z.number(), z.boolean(), z.string(), z.null()])])),
    }),
  ),
  nextCursor: z.string().optional(),
});
const alertsSchema = z.object({
  items: z.array(
    z.object({
      entity: z.record(z.string(), z.string()),
      startedAtMs: z.number(),
      resolvedAtMs: z.number().optional(),
    }),
  ),
  nextCursor: z.string().optional(),
});
const alertSchema = z.object({ rule: z.string() });
const incidentsSchema = z.object({
  items: z.array(
    z.object({
      root: z.string().optional(),
      headAlert: z.string().optional(),
      mergedInto: z.string().optional(),
      beganAtMs: z.number(),
    }),
  ),
  nextCursor: z.string().optional(),
});

/** What agents measured in a span, who was silent meanwhile, and which incidents began: with all names. */
export async function readCity(
  ask: Ask,
  inventory: InventoryFile,
  span: Span,
  onMeasurement: (name: string, at: number, of: number) => void,
): Promise<Recording> {
  const { measurements } = await ask('/catalogue', catalogueSchema);
  const wanted = measurements.filter(({ origin }) => origin === 'agent');
  const senderOf = senders(inventory);
  const samples = new Map<string, Sample[]>();
  for (const [at, { name, fields }] of wanted.entries()) {
    onMeasurement(name, at, wanted.length);
    const { rows } = await ask(`/latest?measurement=${name}&limit=1`, latestSchema);
    if (rows.length === 0) continue;
    const numbers = Object.entries(fields).flatMap(([field, { type }]) => (type === 'string' ? [] : [field]));
    for (const sample of await rowsOf(ask, { measurement: name, fields: numbers, span })) {
      const agent = senderOf(sample);
      if (agent === undefined) continue;
      const own = samples.get(agent);
      if (own === undefined) samples.set(agent, [sample]);
      else own.push(sample);
    }
  }
  for (const own of samples.values()) own.sort((a, b) => a.timeMs - b.timeMs);
  return {
    ...span,
    ...{ inventory, samples, silent: await silentSpans(ask, span), incidents: await incidentsOf(ask, span) },
  };
}

/** What a central says of itself is not of the city. */
const OF_CENTRAL = 'central_';

/** Those of which somebody could be told. */
async function incidentsOf(ask: Ask, { fromMs, toMs }: Span): Promise<Recording['incidents']> {
  const found: RecordedBefore[] = [];
  for (const incident of await allOf(ask, `/incidents?order=oldest&since=${fromMs}`, incidentsSchema)) {
    const { root, headAlert, mergedInto, beganAtMs } = incident;
    if (headAlert === undefined || mergedInto !== undefined || beganAtMs < fromMs || beganAtMs >= toMs)
      continue;
    const { rule } = await ask(`/alerts/${headAlert}`, alertSchema);
    if (!rule.startsWith(OF_CENTRAL)) found.push({ rule, ...(root !== undefined && { root }), beganAtMs });
  }
  return found;
}

interface RowsWanted {
  readonly measurement: string;
  readonly fields: readonly string[];
  readonly span: Span;
}

/** The API answers field by field: what has tags and time in common was one row. */
async function rowsOf(ask: Ask, { measurement, fields, span }: RowsWanted): Promise<readonly Sample[]> {
  const rows = new Map<
    string,
    { tags: Sample['tags']; timeMs: number; fields: Record<string, number | boolean> }
  >();
  for (const field of fields) {
    const path = `/series?measurement=${measurement}&field=${field}&from=${span.fromMs}&to=${span.toMs}`;
    for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
      const page: z.output<typeof seriesSchema> = await ask(
        cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
        seriesSchema,
      );
      for (const { tags, points } of page.series) {
        const tagKey = JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
        for (const [timeMs, value] of points) {
          // Integers beyond 2^53 are texts there.
          const number = typeof value === 'string' ? Number(value) : value;
          if (number === null || Number.isNaN(number)) continue;
          const key = `${timeMs} ${tagKey}`;
          const row = rows.get(key) ?? { tags, timeMs, fields: {} };
          rows.set(key, row);
          row.fields[field] = number;
        }
      }
      cursor = page.nextCursor;
    }
  }
  return [...rows.values()].map((row) => ({ measurement, ...row }));
}

async function silentSpans(ask: Ask, { fromMs, toMs }: Span): Promise<Recording['silent']> {
  const alerts = await allOf(ask, '/alerts?rule=agent_silent', alertsSchema);
  return alerts.flatMap(({ entity, startedAtMs, resolvedAtMs = toMs }) =>
    entity['agent'] === undefined || resolvedAtMs <= fromMs || startedAtMs >= toMs
      ? []
      : [
          {
            agent: entity['agent'],
            fromMs: Math.max(fromMs, startedAtMs),
            toMs: Math.min(toMs, resolvedAtMs),
          },
        ],
  );
}

async function allOf<Item>(
  ask: Ask,
  path: string,
  schema: z.ZodType<{ items: Item[]; nextCursor?: string | undefined }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: Item[]; nextCursor?: string | undefined } = await ask(
      `${path}&limit=1000${more}`,
      schema,
    );
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

/** Stores do not say who sent a row: whoever the inventory has for what it is about, else the gateway of its site, else that of the city. */
function senders({ agents, devices, pools, sites }: InventoryFile): (sample: Sample) => string | undefined {
  const known = new Set(agents.map(({ id }) => id));
  const byDevice = new Map(devices.map(({ id, agent }) => [id, agent]));
  const bySite = new Map<string, string>();
  for (const { id, site, kind } of agents) if (kind === 'gateway' || !bySite.has(site)) bySite.set(site, id);
  const bySitePools = new Map(
    pools.map(({ id, site, agents: own }) => [
      id,
      own?.[0] ?? agents.find((agent) => agent.site === site)?.id,
    ]),
  );
  const city = sites.find(({ kind }) => kind === 'city')?.id ?? '';
  return ({ tags }) => {
    const { host = '', device = '', agent = '', pool = '', site = '' } = tags;
    const named = [agent, host, device].find((name) => known.has(name));
    return (
      byDevice.get(device) ??
      named ??
      byDevice.get(host) ??
      bySitePools.get(pool) ??
      bySite.get(site) ??
      bySite.get(city)
    );
  };
}
