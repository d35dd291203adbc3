import { z } from 'zod';
import { DEVICE_KINDS, linkSchema, siteSchema } from '../../contract/inventory.ts';

const KINDS = [
  ...new Set([...DEVICE_KINDS, ...siteSchema.shape.kind.options, ...linkSchema.shape.kind.options]),
] as const;

/** Which elements are meant: of every route that reads the history of states. */
export const elementFilter = {
  unit: z.string().optional().describe('code of a ward, commune or special zone'),
  site: z.string().optional().describe('id of a site'),
  agency: z
    .string()
    .optional()
    .meta({ description: 'id of an agency', examples: ['so-khcn'] }),
  kind: z.enum(KINDS).optional().describe('kind in the inventory, such as node or hub'),
};
