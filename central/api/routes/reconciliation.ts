import { z } from 'zod';
import {
  countFindings,
  findingSchema,
  reconciliationCountsSchema,
  RECONCILIATION_KINDS,
  type Finding,
} from '../../health/reconciliation/finding.ts';
import { keyOf, type Reconciliation } from '../../health/reconciliation/reconciliation.ts';
import type { App } from '../fastify-app.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';

export interface ReconciliationRouteDeps {
  readonly reconciliation: Pick<Reconciliation, 'findings'>;
}

/** A device that nobody expects may have any name. */
const KEY: ListKey<Finding> = {
  of: keyOf,
  pattern: new RegExp(`^(${RECONCILIATION_KINDS.join('|')}) (agent|device) \\P{Cc}{1,128}$`, 'u'),
};

export function reconciliationRoutes(app: App, deps: ReconciliationRouteDeps): void {
  app.get(
    '/reconciliation',
    {
      schema: {
        tags: ['City'],
        summary:
          'How agents and devices that report differ from the inventory: each by name, with since when',
        querystring: z.object({
          ...pageQuery(),
          kind: z
            .enum(RECONCILIATION_KINDS)
            .optional()
            .describe(
              'never_seen: expected, nothing of it arrived since it was installed; silent: seen before; unexpected: the inventory lacks it; retired_reporting: retired, and still there',
            ),
          unit: z.string().optional().describe('only of this ward, commune or special zone, by its code'),
          agent: z.string().optional().describe('only this agent, and devices that it measures or reports'),
        }),
        response: {
          200: pageOf(findingSchema).extend({
            counts: reconciliationCountsSchema.describe('by kind, for the unit and agent asked for'),
          }),
        },
      },
    },
    ({ query: { kind, unit, agent, ...page } }) => {
      const findings = deps.reconciliation
        .findings()
        .filter((finding) => unit === undefined || finding.unit === unit)
        .filter((finding) => agent === undefined || isOf(finding, agent));
      const wanted = findings.filter((finding) => kind === undefined || finding.kind === kind);
      return { ...pageOfSorted(wanted, KEY, page), counts: countFindings(findings) };
    },
  );
}

function isOf({ what, id, agents }: Finding, agent: string): boolean {
  return what === 'agent' ? id === agent : agents.includes(agent);
}
