import { reasonsSchema } from '../../../contract/reasons/reason-schema.ts';
import { z } from 'zod';
import { serviceSchema } from '../../../contract/inventory.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { SERVICE_STATES } from './judge-service.ts';

/** `degraded`: it works, with less to fall back on. `unknown`: nobody can tell; counts neither as up nor as down. */
export const serviceStateSchema = z.enum(SERVICE_STATES);

export const serviceViewSchema = serviceSchema.extend({
  state: serviceStateSchema.describe(
    'down: something it needs is down or unreachable, or too few of a choice are left; degraded: members of a choice are lost, or something it needs is degraded; unknown: nobody can tell',
  ),
  reason: z.string().describe('one line, such as: sbc-2 down'),
  reasons: reasonsSchema,
  roots: z.array(z.string()).describe('what it comes from, such as device:sbc-2; at most 20'),
  sinceMs: unixMs,
  circle: z
    .array(z.string())
    .exactOptional()
    .describe('services that depend on each other, this one among them: a mistake in the inventory'),
});
export type ServiceView = z.infer<typeof serviceViewSchema>;
