import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { StateHistory } from '../../health/states/history/state-history.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import { agentPhaseSchema } from '../../liveness/agent-view.ts';
import type { App } from '../fastify-app.ts';
import { unitNames, unitNameShape, type PlaceNameDeps } from '../place-names.ts';
import { presentOf, rangeOf, rangeParameters, type TimeRange } from '../times/time-range.ts';

export interface UnitCompletenessRouteDeps extends PlaceNameDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly ledger: Pick<Ledger, 'openBatches' | 'totals'>;
  readonly registry: Pick<AgentRegistry, 'ids' | 'locationOf' | 'phaseOf'>;
  readonly stateHistory: Pick<StateHistory, 'offMs'>;
}

const HOUR_MS = 3_600_000;
/** A batch is late when it is stored more than a minute after it was measured: those of a shorter pause need not be. */
const LONG_PAUSE_MS = 120_000;

const counts = {
  storedPoints: z.int(),
  refusedPoints: z.int(),
  lostPoints: z.int(),
  lateBatches: z.int().describe('batches stored more than a minute after they were measured'),
  missingBatches: z
    .int()
    .describe('of all hours, as of now: neither received nor declared lost, and no longer held'),
  awaitedBatches: z.int().describe('of all hours, as of now: the agent still holds them'),
};
const agentSchema = z.object({ agent: z.string(), phase: agentPhaseSchema, ...counts });
type AgentCounts = z.infer<typeof agentSchema>;

const answer = z.object({
  unit: z.string(),
  ...unitNameShape,
  fromMs: unixMs.describe('begin of the first hour'),
  toMs: unixMs.describe('end of the last hour'),
  complete: z
    .boolean()
    .describe(
      'every agent of the unit has stored something, and nothing is lost, missing or on its way; where central was off, every agent has sent late what it measured meanwhile',
    ),
  centralOffMs: z
    .int()
    .describe(
      'how long central was off or stood still in these hours: what was measured then can only have come late',
    ),
  completeness: z
    .number()
    .optional()
    .describe('points stored ÷ (stored + lost), 0 to 1; not there if there were none'),
  nothingFrom: z.array(z.string()).describe('agents of which nothing was stored in these hours'),
  ...counts,
  agents: z.array(agentSchema),
});

/** Whether the data of a ward and an hour is complete, in one call. */
export function unitCompletenessRoute(app: App, deps: UnitCompletenessRouteDeps): void {
  app.get(
    '/ledger/completeness',
    {
      config: { namesFirst: true },
      schema: {
        tags: ['Delivery'],
        summary: 'Whether the data of a unit is complete, over whole hours of recording',
        querystring: z.object({
          unit: z.string().describe('code of a ward, commune or special zone, five digits'),
          ...rangeParameters('an hour'),
        }),
        response: { 200: answer },
      },
    },
    ({ query: { unit, tz, ...times } }): z.input<typeof answer> => {
      const present = presentOf(deps, tz);
      const range = rangeOf(times, present, HOUR_MS);
      const fromMs = Math.floor(range.fromMs / HOUR_MS) * HOUR_MS;
      const toMs = Math.ceil(range.toMs / HOUR_MS) * HOUR_MS;
      const agents = countsOf(deps, unit, { fromMs, toMs }, present.nowMs);
      const sum = (name: keyof typeof counts): number =>
        agents.reduce((total, agent) => total + agent[name], 0);
      const [stored, lost] = [sum('storedPoints'), sum('lostPoints')];
      const nothingFrom = agents.filter(({ storedPoints }) => storedPoints === 0).map(({ agent }) => agent);
      const offMs = deps.stateHistory.offMs({ fromMs, toMs });
      const hasCaughtUp = offMs <= LONG_PAUSE_MS || agents.every(({ lateBatches }) => lateBatches > 0);
      const open = lost + sum('missingBatches') + sum('awaitedBatches');
      return {
        unit,
        ...unitNames(deps, { unit }),
        fromMs,
        toMs,
        complete: agents.length > 0 && nothingFrom.length === 0 && open === 0 && hasCaughtUp,
        centralOffMs: Math.round(offMs),
        ...(stored + lost > 0 && { completeness: stored / (stored + lost) }),
        nothingFrom,
        storedPoints: stored,
        refusedPoints: sum('refusedPoints'),
        lostPoints: lost,
        lateBatches: sum('lateBatches'),
        missingBatches: sum('missingBatches'),
        awaitedBatches: sum('awaitedBatches'),
        agents,
      };
    },
  );
}

/** Of the agents of the unit, in the order of their ids. */
function countsOf(
  { ledger, registry }: Pick<UnitCompletenessRouteDeps, 'ledger' | 'registry'>,
  unit: string,
  { fromMs, toMs }: TimeRange,
  nowMs: number,
): AgentCounts[] {
  const ids = [...registry.ids()].filter((id) => registry.locationOf(id).unit === unit).sort();
  const totals = ledger.totals(ids, fromMs, toMs);
  return ids.map((agent) => {
    const { storedPoints = 0, refusedPoints = 0, lostPoints = 0, lateBatches = 0 } = totals.get(agent) ?? {};
    const { missing, awaited } = ledger.openBatches(agent);
    return {
      agent,
      phase: registry.phaseOf(agent, nowMs),
      ...{ storedPoints, refusedPoints, lostPoints, lateBatches },
      ...{ missingBatches: missing, awaitedBatches: awaited },
    };
  });
}
