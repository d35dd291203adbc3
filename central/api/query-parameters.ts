import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { suggestionFor } from './suggestion.ts';
import { ApiError } from './problem.ts';
import { TAG_PREFIX } from './tag-filter.ts';

const MAX_SHOWN_CHARS = 40;
const PLACE_TAGS: readonly string[] = ['agent', 'device', 'operator', 'site', 'unit'];

/**
 * Refuses parameters that the route does not know: a misspelt filter would otherwise be ignored, and the answer would
 * look like the one that was asked for.
 */
export async function refuseUnknownParameters(request: FastifyRequest): Promise<void> {
  if (request.is404 || request.routeOptions.config.anyParameters === true) return;
  const schema = request.routeOptions.schema?.querystring;
  const problems = unknownParameters(Object.keys(request.query as object), schema);
  if (problems.length > 0) throw new ApiError('UNKNOWN_PARAMETER', problems.join('; '), { problems });
}

/** One line for each name that `schema` does not have; without a schema no parameter is known. Pure. */
export function unknownParameters(names: readonly string[], schema: unknown): string[] {
  const isObject = schema instanceof z.ZodObject;
  const known = isObject ? Object.keys(schema.shape) : [];
  return names
    .filter((name) => !known.includes(name) && !(takesTags(schema) && name.startsWith(TAG_PREFIX)))
    .map((name) => {
      const hint = suggestionFor(name, known) || tagHint(schema, name) || expectedInstead(known);
      return `unknown query parameter "${shorten(name)}"${hint}`;
    });
}

/** What a list has no word for, such as the parent of a service, is nowhere near its names. */
function expectedInstead(known: readonly string[]): string {
  return known.length === 0 ? ': none is taken here' : `: expected some of ${known.join(', ')}`;
}

/** `/series?unit=26734` means the tag. */
function tagHint(schema: unknown, name: string): string {
  return takesTags(schema) && PLACE_TAGS.includes(name) ? `, did you mean "${TAG_PREFIX}${name}"?` : '';
}

/** Only routes that filter by tags leave their schema open. */
export function takesTags(schema: unknown): boolean {
  return schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodUnknown;
}

function shorten(name: string): string {
  return name.length > MAX_SHOWN_CHARS ? `${name.slice(0, MAX_SHOWN_CHARS)}…` : name;
}
