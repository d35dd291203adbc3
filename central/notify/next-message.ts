import type { Channel } from './channels/channel.ts';
import { larger, messageIncident, type MessageIncident } from './message/message-incident.ts';
import type { IncidentOf } from './outbox/group.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { WaitingMessage } from './outbox/outbox-message.ts';
import { mustWait, planMessage } from './outbox/plan-message.ts';
import type { Telling } from './outbox/telling.ts';

export interface NextMessageDeps {
  readonly outbox: Outbox;
  readonly groupWindowMs: number;
  readonly incidentOf: IncidentOf;
}

const MINUTE_MS = 60_000;

/** When the messages were made that count against the limits of the channel. */
export function madeLately({ id, limits }: Channel, outbox: Outbox, nowMs: number): readonly number[] {
  return outbox.messages.madeSince(id, nowMs - Math.max(limits.digestWithinMs, MINUTE_MS));
}

/** Makes a message of what the channel is owed and is due; undefined: nothing is, or it has to wait for its limits. */
export function makeNextMessage(
  channel: Channel,
  deps: NextMessageDeps,
  nowMs: number,
): WaitingMessage | undefined {
  const { outbox, groupWindowMs, incidentOf } = deps;
  const { id, limits, state } = channel;
  const windowMs = state === undefined ? groupWindowMs : 0;
  if (!outbox.tellings.hasDue(id, nowMs, windowMs)) return undefined;
  const plan = {
    madeAtMs: madeLately(channel, outbox, nowMs),
    ...{ limits, batchSize: state?.batchSize, nowMs },
  };
  // Asked first: what is owed may be a lot to read each second.
  if (mustWait(plan)) return undefined;
  const owed = outbox.tellings.owedDue(id, nowMs, state?.batchSize);
  const planned = planMessage({ ...plan, owed, groupWindowMs: windowMs, incidentOf });
  if (planned === undefined) return undefined;
  outbox.makeMessage({
    channel: id,
    ...planned,
    incident: planned.kind === 'alerts' ? incidentToTell(planned.tellings, channel, deps) : undefined,
    atMs: nowMs,
  });
  return outbox.messages.waiting(id);
}

/** A channel that keeps states gets what is due, whatever it belongs to. */
function incidentToTell(
  tellings: readonly Telling[],
  { id, state }: Channel,
  { outbox, incidentOf }: NextMessageDeps,
): MessageIncident | undefined {
  const incidents = tellings.map(({ facts }) => incidentOf(facts.id));
  const [first] = incidents;
  const [telling] = tellings;
  if (state !== undefined || telling === undefined) return undefined;
  if (incidents.some((incident) => incident?.id !== first?.id)) return undefined;
  const before = outbox.messages.lastIncidentOf(telling.facts.id, id);
  const now = messageIncident(first);
  return tellings.every(({ facts }) => facts.endedAtMs !== undefined) ? larger(now, before) : now;
}
