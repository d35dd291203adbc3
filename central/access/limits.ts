import { z } from 'zod';
import { INVENTORY_ID_PATTERN, UNIT_CODE_PATTERN } from '../../contract/inventory.ts';

const MAX_NAMED = 200;

/** What a token is limited to: what is in one of the units, or belongs to one of the agencies. */
export const limitsSchema = z
  .strictObject({
    units: z
      .array(z.string().regex(UNIT_CODE_PATTERN, 'expected the code of a unit, such as 26737'))
      .min(1)
      .max(MAX_NAMED)
      .exactOptional()
      .describe('codes of wards, communes or special zones'),
    agencies: z
      .array(z.string().regex(INVENTORY_ID_PATTERN, 'expected the id of an agency'))
      .min(1)
      .max(MAX_NAMED)
      .exactOptional()
      .describe('ids of agencies: what they own'),
  })
  .refine(({ units, agencies }) => units !== undefined || agencies !== undefined, {
    error: 'expected units, agencies or both; a token without limits has no such object',
  });
export type TokenLimits = z.infer<typeof limitsSchema>;

/** A token with it sees nothing. */
const NOTHING: TokenLimits = { units: [] };

/** Of what was stored: what cannot be read must not open the whole city. */
export function limitsOfText(text: unknown): TokenLimits {
  try {
    const found = limitsSchema.safeParse(JSON.parse(String(text)));
    return found.success ? found.data : NOTHING;
  } catch {
    return NOTHING;
  }
}

/** Such as `units 26737, 26740; agency ttcds`. */
export function describeLimits({ units = [], agencies = [] }: TokenLimits): string {
  const parts = [
    ...(units.length === 0 ? [] : [`${units.length === 1 ? 'unit' : 'units'} ${units.join(', ')}`]),
    ...(agencies.length === 0
      ? []
      : [`${agencies.length === 1 ? 'agency' : 'agencies'} ${agencies.join(', ')}`]),
  ];
  return parts.length === 0 ? 'nothing' : parts.join('; ');
}
