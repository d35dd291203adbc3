import { z } from 'zod';
import { DEVICE_KINDS, linkSchema, siteSchema, unitSchema } from '../../contract/inventory.ts';
import { SERVICE_STATES } from '../health/services/judge-service.ts';
import type { ElementFilter } from '../health/states/history/history-query.ts';
import type { FollowedKind, FollowedState } from '../health/states/history/followed-states.ts';
import { STATES } from '../health/states/state-view.ts';
import { ApiError } from './problem.ts';

const KINDS = [
  ...new Set([
    ...DEVICE_KINDS,
    ...siteSchema.shape.kind.options,
    ...linkSchema.shape.kind.options,
    ...unitSchema.shape.kind.options,
  ]),
] as const;

/** Which elements or services are meant: of every route that reads the history of states. */
export const elementFilter = {
  id: z
    .string()
    .optional()
    .meta({ description: 'only this one, by its id (of a unit its code)', examples: ['1022'] }),
  unit: z.string().optional().describe('code of a ward, commune or special zone'),
  site: z.string().optional().describe('id of a site'),
  agency: z
    .string()
    .optional()
    .meta({ description: 'id of an agency', examples: ['so-khcn'] }),
  kind: z.enum(KINDS).optional().describe('kind in the inventory, such as node or hub'),
};

type FilterName = 'unit' | 'site' | 'agency' | 'kind';

/** What each has besides its id. */
const HAS: Readonly<Record<FollowedKind, readonly FilterName[]>> = {
  device: ['unit', 'site', 'agency', 'kind'],
  site: ['unit', 'site', 'agency', 'kind'],
  link: ['unit', 'site', 'agency', 'kind'],
  unit: ['unit', 'kind'],
  service: ['agency'],
};

/** A filter by what such a thing has not would find nothing, as if nothing was wrong. Throws an ApiError. */
export function assertFilterFits(filter: ElementFilter): void {
  const problems = (['unit', 'site', 'agency', 'kind'] as const)
    .filter((name) => filter[name] !== undefined && !HAS[filter.of].includes(name))
    .map(
      (name) =>
        `querystring.${name}: expected none with of=${filter.of}, which has ${['id', ...HAS[filter.of]].join(', ')}, got "${filter[name] ?? ''}"`,
    );
  if (problems.length > 0) throw new ApiError('INVALID_REQUEST', problems.join('; '), { problems });
}

/** The states that such a thing can be in. */
export function statesOf(of: FollowedKind): readonly FollowedState[] {
  return of === 'service' ? SERVICE_STATES : STATES;
}

/** Throws an ApiError for a state that such a thing is never in. */
export function assertStates(of: FollowedKind, states: ReadonlySet<FollowedState> = new Set()): void {
  const never = [...states].find((state) => !statesOf(of).includes(state));
  if (never === undefined) return;
  const expected = statesOf(of).join(', ');
  throw new ApiError(
    'INVALID_REQUEST',
    `querystring.state: expected ${expected} with of=${of}, got "${never}"`,
  );
}
