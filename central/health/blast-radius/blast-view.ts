import { z } from 'zod';

export const effectSchema = z.enum(['cut', 'degraded']);
export type Effect = z.infer<typeof effectSchema>;

/** From the part to the whole. */
export const BLAST_KINDS = ['devices', 'sites', 'links', 'pools', 'units', 'services', 'agencies'] as const;
export type BlastKind = (typeof BLAST_KINDS)[number];

const effect = effectSchema.describe(
  'cut: nothing of it is left, or no way to it; degraded: it works on, with one of its own ways or parts less',
);

/** What is affected; the lists are in the order of their ids. */
export const blastListsSchema = z.object({
  devices: z.array(
    z.object({ id: z.string(), effect, kind: z.string(), site: z.string(), unit: z.string() }),
  ),
  sites: z.array(z.object({ id: z.string(), effect, kind: z.string(), name: z.string(), unit: z.string() })),
  links: z.array(z.object({ id: z.string(), effect })),
  pools: z.array(z.object({ id: z.string(), effect, site: z.string() })),
  units: z.array(
    z.object({
      id: z.string().describe('its code'),
      effect,
      name: z.string(),
      sitesCut: z.int().describe('of its sites'),
      sites: z.int().describe('all that it has'),
      devicesCut: z.int().describe('of its devices'),
    }),
  ),
  services: z.array(
    z.object({
      id: z.string(),
      effect,
      name: z.string(),
      reason: z.string().describe('such as: sbc-2 down'),
    }),
  ),
  agencies: z.array(
    z.object({
      id: z.string(),
      effect,
      name: z.string(),
      affected: z.int().describe('what it owns of the lists above'),
    }),
  ),
});
export type BlastLists = z.infer<typeof blastListsSchema>;

const countSchema = z.object({ cut: z.int(), degraded: z.int() });

export const blastCountsSchema = z.object({
  devices: countSchema,
  sites: countSchema,
  links: countSchema,
  pools: countSchema,
  units: countSchema,
  services: countSchema,
  agencies: countSchema,
});
export type BlastCounts = z.infer<typeof blastCountsSchema>;
