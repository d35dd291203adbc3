import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { proposalSchema } from './proposed-entry.ts';

/**
 * How what is differs from what should be. `never_seen`: expected, and nothing of it has arrived since it was installed.
 * `silent`: expected and seen before. `unexpected`: reports, though the inventory lacks it. `retired_reporting`: reports, though retired.
 */
export const RECONCILIATION_KINDS = ['never_seen', 'silent', 'unexpected', 'retired_reporting'] as const;
export type ReconciliationKind = (typeof RECONCILIATION_KINDS)[number];

export const findingSchema = z.object({
  kind: z.enum(RECONCILIATION_KINDS),
  what: z.enum(['agent', 'device']),
  id: z.string(),
  site: z.string().exactOptional(),
  unit: z.string().exactOptional(),
  agents: z.array(z.string()).describe('of a device: who should measure it, or who reports it'),
  sinceMs: unixMs.exactOptional().describe('not there where nothing says when it began'),
  detail: z.string().describe('in words'),
  proposal: proposalSchema.exactOptional().describe('of unexpected devices'),
});
export type Finding = Readonly<z.infer<typeof findingSchema>>;

export const reconciliationCountsSchema = z.record(z.enum(RECONCILIATION_KINDS), z.int());
export type ReconciliationCounts = Record<ReconciliationKind, number>;

export function countFindings(findings: readonly Finding[]): ReconciliationCounts {
  const counts: ReconciliationCounts = { never_seen: 0, silent: 0, unexpected: 0, retired_reporting: 0 };
  for (const { kind } of findings) counts[kind]++;
  return counts;
}
