import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { Dismissal, Dismissals } from '../../health/topology/dismissals.ts';
import {
  CONFIDENCES,
  PROPOSAL_KINDS,
  sightingOf,
  sightingSchema,
  type Proposal,
} from '../../health/topology/proposal.ts';
import { orderOf, type Topology } from '../../health/topology/topology.ts';
import { fieldChanges, fieldChangesSchema } from '../../inventory/changes.ts';
import { describeChanges } from '../../inventory/describe-changes.ts';
import { kindSchema } from '../../inventory/kinds.ts';
import type { ManagedInventory } from '../../inventory/managed-inventory.ts';
import { actorOf, recordAudit, type AuditDeps } from '../audited.ts';
import type { App } from '../fastify-app.ts';
import { withInventoryErrors } from '../inventory-errors.ts';
import { pageOf, pageOfSorted, pageQuery, type ListKey } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { authorOf, INVENTORY_PROBLEMS, storedEntry } from './inventory.ts';

export interface TopologyRouteDeps extends AuditDeps {
  readonly topology: Pick<Topology, 'proposals'>;
  readonly topologyDismissals: Dismissals;
  readonly managedInventory: Pick<ManagedInventory, 'find' | 'put'>;
}

const KEY: ListKey<Proposal> = {
  of: orderOf,
  pattern: /^[0-2] (link|parents) (links|sites|devices) \S{1,64} t-[0-9a-f]{16}$/,
};

const dismissal = z.object({ reason: z.string(), actor: z.string(), atMs: unixMs });

const proposalView = z.object({
  id: z.string().describe('made of what is proposed: the same until that differs'),
  kind: z.enum(PROPOSAL_KINDS),
  confidence: z
    .enum(CONFIDENCES)
    .describe(
      'high: both ends report each other (LLDP); medium: one does; low: only forwarding or ARP tables say so, or where the way out is was guessed',
    ),
  sites: z.array(z.string()),
  units: z.array(z.string()),
  change: z
    .object({
      kind: kindSchema,
      id: z.string(),
      revision: z.int().describe('of the entry now; 0: it would be added'),
      fields: fieldChangesSchema,
      text: z.string().describe('the same in one line'),
    })
    .describe('what adopting it changes in the inventory'),
  evidence: z.array(sightingSchema),
  dismissed: dismissal.exactOptional().describe('why somebody did not want it'),
});

const params = z.object({
  id: z.string().meta({ description: 'id of the proposal', examples: ['t-3f9a1c0b7d2e4856'] }),
});

/** What the measured wiring asks to change in the inventory: everybody reads, engineers adopt, operators dismiss; audited. */
export function topologyRoutes(app: App, deps: TopologyRouteDeps, assertMayWrite: () => void): void {
  const tags = ['Inventory'];
  app.get(
    '/topology/proposals',
    {
      schema: {
        tags,
        summary:
          'Links and parents that devices report (LLDP, forwarding and ARP tables) and the inventory lacks, each with its evidence and what would change',
        querystring: z.object({
          ...pageQuery(),
          unit: z.string().optional().describe('only with an end in this ward, commune or special zone'),
          site: z.string().optional().describe('only with an end at this site'),
          confidence: z.enum(CONFIDENCES).optional().describe('only those that are so sure'),
          kind: z
            .enum(PROPOSAL_KINDS)
            .optional()
            .describe(
              'link: a link that the inventory lacks; parents: what a site or device is reached through, too',
            ),
          dismissed: z
            .enum(['true', 'false'])
            .default('false')
            .describe('true: only those that were dismissed; false: only the others'),
        }),
        response: { 200: pageOf(proposalView) },
      },
    },
    ({ query: { unit, site, confidence, kind, dismissed, ...page } }) => {
      const wanted = deps.topology
        .proposals()
        .filter((proposal) => unit === undefined || proposal.units.includes(unit))
        .filter((proposal) => site === undefined || proposal.sites.includes(site))
        .filter((proposal) => confidence === undefined || proposal.confidence === confidence)
        .filter((proposal) => kind === undefined || proposal.kind === kind)
        .filter(({ id }) => (deps.topologyDismissals.of(id) !== undefined) === (dismissed === 'true'));
      const { items, ...rest } = pageOfSorted(wanted, KEY, page);
      return { ...rest, items: items.map((proposal) => viewOf(proposal, deps)) };
    },
  );
  app.post(
    '/topology/proposals/:id/adopt',
    {
      config: { role: 'engineer', problems: ['PROPOSAL_NOT_FOUND', ...INVENTORY_PROBLEMS] },
      schema: {
        tags,
        summary:
          'Make the change that is proposed; 409 where the entry has changed since, or the inventory is that of a file; 429 as for PUT of an entry',
        params,
        body: z.strictObject({
          expectedRevision: z.int().min(0).describe('revision of the entry, as the proposal has it'),
        }),
        response: { 200: storedEntry },
      },
    },
    (request) => {
      const { change } = found(request.params.id, deps);
      assertMayWrite();
      const author = { ...authorOf(request), expectedRevision: request.body.expectedRevision };
      const { managedInventory } = deps;
      const stored = withInventoryErrors(() =>
        managedInventory.put(change.kind, change.id, change.after, author),
      );
      return { ...stored, entry: { ...stored.entry } };
    },
  );
  app.post(
    '/topology/proposals/:id/dismiss',
    {
      config: { role: 'operator', problems: ['PROPOSAL_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'Say why a proposal is not wanted: it is not listed any more until it differs',
        params,
        body: z.strictObject({
          reason: z
            .string()
            .trim()
            .min(1)
            .max(500)
            .refine((text) => !/\p{Cc}/u.test(text), 'expected a text without control characters'),
        }),
        response: { 200: dismissal },
      },
    },
    (request) => {
      const { id, change } = found(request.params.id, deps);
      const { reason } = request.body;
      const made = { reason, actor: actorOf(request), atMs: deps.clock.now() };
      deps.topologyDismissals.set(id, made);
      recordAudit(deps, request, 'topology.dismiss', `${id}: ${describeChanges([change])}; ${reason}`);
      return made;
    },
  );
}

function found(id: string, { topology }: TopologyRouteDeps): Proposal {
  const proposal = topology.proposals().find((each) => each.id === id);
  if (proposal === undefined)
    throw new ApiError('PROPOSAL_NOT_FOUND', `no such change is proposed now: ask /topology/proposals again`);
  return proposal;
}

function viewOf(proposal: Proposal, { managedInventory, topologyDismissals }: TopologyRouteDeps) {
  const { change, sites, units, evidence, ...rest } = proposal;
  const dismissed: Dismissal | undefined = topologyDismissals.of(proposal.id);
  const { kind, id } = change;
  return {
    ...rest,
    sites: [...sites],
    units: [...units],
    change: {
      ...{ kind, id, fields: fieldChanges(change), text: describeChanges([change]) },
      revision: managedInventory.find(kind, id)?.revision ?? 0,
    },
    evidence: evidence.map(sightingOf),
    ...(dismissed !== undefined && { dismissed: { ...dismissed } }),
  };
}
