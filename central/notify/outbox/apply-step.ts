import type { TimelineKind } from '../../alerts/history/alert.ts';
import { severityRank, type Severity } from '../../alerts/rules/severity.ts';
import type { AlertFacts } from '../message/alert-facts.ts';
import { escalationTo } from '../route/should-call.ts';
import type { Belonging } from '../route/alert-owners.ts';
import type { RouteMatch } from '../route/should-tell.ts';
import type { Escalation } from './escalation-store.ts';
import { oweBegin, oweChange, oweEnd, type Second, type Telling } from './telling.ts';

export interface AlertStep {
  readonly kind: TimelineKind;
  readonly facts: AlertFacts;
  /** Of the alert's step before; undefined: it is the first. */
  readonly severityBefore?: Severity | undefined;
  readonly nowMs: number;
}

export interface StepContext {
  /** Of this alert, one for each channel that knows it. */
  readonly known: readonly Telling[];
  /** Where the routes send an alert of that severity now. */
  readonly matchesFor: (severity: Severity) => readonly RouteMatch[];
  /** Whether a channel keeps the state of each alert, and so hears of each change. */
  readonly isStateful: (channel: string) => boolean;
  /** Channels that do not hear of it yet though it became graver: whoever knows it hears so. */
  readonly waiting?: ReadonlySet<string>;
}

/** Pure. The tellings that the step of an alert changes or begins. Steps that nobody is told of change none. */
export function applyStep(step: AlertStep, context: StepContext): readonly Telling[] {
  switch (step.kind) {
    case 'fired':
      return begun(step, context);
    case 'escalated':
      return escalated(step, context);
    case 'resolved':
    case 'withdrawn':
    case 'closed':
      return ended(step, context);
    case 'started':
    case 'begin_corrected':
    case 'end_corrected':
    case 'interrupted':
    case 'resumed':
    case 'acknowledged':
    case 'unacknowledged':
    case 'assigned':
    case 'unassigned':
    case 'commented':
    case 'shelved':
    case 'unshelved':
      return [];
    case 'deescalated':
    case 'recovering':
      return changed(step, context);
    // They may come with another severity, and hide that it became graver.
    case 'relapsed':
    case 'flapping':
    case 'steady':
      return isGraver(step) ? escalated(step, context) : changed(step, context);
  }
}

/** Pure. Whether the step may be the first that somebody hears of the alert. */
export function mayBegin(step: AlertStep): boolean {
  return step.kind === 'fired' || step.kind === 'escalated' || isGraver(step);
}

/** Pure. Channels of the routes that were told nothing of the alert, and are owed nothing. */
export function newTo(matches: readonly RouteMatch[], known: Iterable<Telling>): readonly RouteMatch[] {
  const informed = new Set(
    [...known]
      .filter(({ told, owed }) => told !== 'nothing' || owed !== undefined)
      .map(({ channel }) => channel),
  );
  return matches.filter(({ channel }) => !informed.has(channel));
}

/** Pure. Whom the routes call later, if the alert is still open and not acknowledged then. `belonging`: as the routes were asked. */
export function escalationsOf(
  { alertId, belonging }: { readonly alertId: string; readonly belonging: Belonging },
  matches: readonly RouteMatch[],
  nowMs: number,
): readonly Escalation[] {
  return matches.flatMap(({ notBeforeMs, escalate }) =>
    escalate.flatMap(({ afterMs, channels, onCall }) =>
      [...channels, ...(onCall === undefined ? [] : [escalationTo(onCall.ref)])].map((channel) => ({
        ...{ alertId, belonging, channel },
        atMs: Math.max(nowMs, notBeforeMs) + afterMs,
      })),
    ),
  );
}

function isGraver({ facts, severityBefore }: AlertStep): boolean {
  return severityBefore !== undefined && severityRank(facts.severity) > severityRank(severityBefore);
}

function escalated(step: AlertStep, context: StepContext): readonly Telling[] {
  const fresh = begun(step, context, true).filter(({ channel }) => context.waiting?.has(channel) !== true);
  return [...changed(step, context, true), ...fresh];
}

function begun({ facts, nowMs }: AlertStep, context: StepContext, onlyNew = false): readonly Telling[] {
  const matches = context.matchesFor(facts.severity);
  return (onlyNew ? newTo(matches, context.known) : matches).map((match) => {
    const { channel, notBeforeMs } = match;
    const known = context.known.find((telling) => telling.channel === channel);
    const begin = { channel, facts, nowMs, notBeforeMs };
    return oweBegin(known, { ...begin, ...secondOf(match, nowMs) });
  });
}

function changed(
  { facts, nowMs }: AlertStep,
  { known, matchesFor, isStateful }: StepContext,
  withSeconds = false,
): Telling[] {
  const matches = matchesFor(facts.severity);
  return known.map((telling) => {
    const { channel } = telling;
    const match = matches.find((each) => each.channel === channel);
    const change = { facts, nowMs, notBeforeMs: match?.notBeforeMs ?? nowMs };
    const second = withSeconds && match !== undefined ? secondOf(match, nowMs) : {};
    return oweChange(telling, { ...change, everyChange: isStateful(channel), ...second });
  });
}

function secondOf({ notBeforeMs, second }: RouteMatch, nowMs: number): { readonly second?: Second } {
  if (second === undefined) return {};
  return { second: { channel: second.channel, atMs: Math.max(nowMs, notBeforeMs) + second.afterMs } };
}

function ended({ facts, nowMs }: AlertStep, { known, matchesFor }: StepContext): Telling[] {
  return known.map((telling) => {
    // Whoever was woken by a critical alert may hear at night that it is over.
    const matches = matchesFor(telling.toldSeverity ?? facts.severity);
    return oweEnd(telling, { facts, nowMs, notBeforeMs: heldUntil(matches, telling.channel, nowMs) });
  });
}

/** A channel that no route leads to any more holds nothing back. */
function heldUntil(matches: readonly RouteMatch[], channel: string, nowMs: number): number {
  return matches.find((match) => match.channel === channel)?.notBeforeMs ?? nowMs;
}
