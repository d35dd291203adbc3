import type { Clock } from '../../runtime/clock.ts';
import { isCorrection } from '../alerts/history/alert-correction.ts';
import type { AlertTransition, AlertTransitions } from '../alerts/history/alert-transitions.ts';
import { ENDED_PHASES, type TimelineKind } from '../alerts/history/alert.ts';
import { valueText } from '../alerts/rules/value-text.ts';
import type { CutOffPlaces } from '../alerts/incidents/incident-view.ts';
import type { RuleLookup } from '../alerts/rules/rule.ts';
import type { Severity } from '../alerts/rules/severity.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { reasonToHold, type HeldAlert, type HoldDeps } from './held/hold.ts';
import type { AlertFacts } from './message/alert-facts.ts';
import { applyStep, escalationsOf, mayBegin, newTo } from './outbox/apply-step.ts';
import type { Escalation } from './outbox/escalation-store.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Telling } from './outbox/telling.ts';
import type { Untold } from './outbox/untold-store.ts';
import { escalationTo } from './route/should-call.ts';
import type { AlertOwners } from './route/alert-owners.ts';
import { shouldTell, type Route, type RouteMatch, type UntoldReason } from './route/should-tell.ts';
import { ToldInIncident } from './told-in-incident.ts';

export interface FollowerDeps {
  readonly transitions: AlertTransitions;
  readonly outbox: Outbox;
  readonly rules: Pick<RuleLookup, 'get'>;
  readonly units: Pick<Inventory, 'units'>;
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
  readonly hold: HoldDeps;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly isStateful: (channel: string) => boolean;
  /** Of the head of an incident: where its routes lead by what hangs on it. */
  readonly cutOffOf: (alertId: string) => CutOffPlaces | undefined;
  /** Ids of the open alerts of its incident, itself among them. */
  readonly openWith: (alertId: string) => readonly string[];
  /** What ended so long ago before anybody could be told is left out. */
  readonly maxAgeMs: number;
}

/** Steps in one transaction: one of all would hold up everything else. */
const STEPS_AT_ONCE = 500;
/** After it, what is left waits for the next second. */
const BUDGET_MS = 50;

/** What a few steps change, by the id of the alert. */
interface Following {
  readonly tellings: Map<string, ReadonlyMap<string, Telling>>;
  readonly held: Map<string, HeldAlert | undefined>;
  readonly untold: Untold[];
  readonly escalations: Escalation[];
  readonly ended: string[];
  readonly inIncident: ToldInIncident;
}

/** Reads the steps of alerts, each once, and keeps what each channel is owed because of them, or why an alert is held. */
export class AlertFollower {
  readonly #deps: FollowerDeps;

  constructor(deps: FollowerDeps) {
    this.#deps = deps;
  }

  /** What is new, as far as it goes within 50 ms. The first time only what is open counts: what is over is history. */
  follow(nowMs: number): void {
    const { transitions, outbox, clock } = this.#deps;
    const startMs = clock.monotonicMs();
    const cursor = outbox.cursor();
    if (cursor === undefined) {
      const open = transitions.ofOpenAlerts().map((step) => ({ ...step, kind: 'fired' as const }));
      this.#apply(open, transitions.newestSequence(), nowMs);
      return;
    }
    let after: number | undefined = cursor;
    do after = this.#followSome(after, nowMs);
    while (after !== undefined && clock.monotonicMs() - startMs < BUDGET_MS);
  }

  /** One transaction. Returns the sequence of its last step; undefined: there are no more. */
  #followSome(cursor: number, nowMs: number): number | undefined {
    const steps = this.#deps.transitions.after(cursor, STEPS_AT_ONCE);
    const last = steps.at(-1);
    if (last === undefined) return undefined;
    this.#apply(steps, last.sequence, nowMs);
    return steps.length < STEPS_AT_ONCE ? undefined : last.sequence;
  }

  /** Whether there is no step that was not followed yet. */
  isUpToDate(): boolean {
    return this.#deps.outbox.cursor() === this.#deps.transitions.newestSequence();
  }

  /** Of open alerts, as of their last step. */
  factsOf(alertIds: ReadonlySet<string>): readonly AlertFacts[] {
    const open = this.#deps.transitions.ofOpenAlerts();
    return open.filter(({ alert }) => alertIds.has(alert.id)).map((step) => this.#factsOf(step));
  }

  #apply(steps: readonly AlertTransition[], sequence: number, nowMs: number): void {
    const following: Following = {
      ...{ tellings: new Map(), held: new Map(), untold: [], escalations: [], ended: [] },
      inIncident: new ToldInIncident(this.#deps),
    };
    for (const step of steps) {
      if (step.alert.isLearnedLate === true) {
        if (step.kind === 'fired') following.untold.push(learnedLate(step.alert.id));
      } else if (!isCorrection(step.kind) && !this.#isHistory(step, nowMs))
        this.#follow(step, following, nowMs);
    }
    const { held, untold, escalations, ended } = following;
    const tellings = [...following.tellings.values()].flatMap((ofAlert) => [...ofAlert.values()]);
    this.#deps.outbox.save({ sequence, tellings, held, untold, escalations, ended, atMs: nowMs });
  }

  #follow(step: AlertTransition, following: Following, nowMs: number): void {
    const { outbox, isStateful, hold } = this.#deps;
    const facts = this.#factsOf(step);
    const { id } = facts;
    const held = following.held.has(id) ? following.held.get(id) : outbox.held.get(id);
    if (held !== undefined) {
      const isOver = facts.endedAtMs !== undefined;
      following.held.set(id, isOver ? undefined : { ...held, facts });
      if (isOver) following.untold.push(untoldOf(held));
      return;
    }
    const known = following.tellings.get(id) ?? byChannel(outbox.tellings.ofAlert(id));
    const belonging = this.#deps.owners.of(facts);
    const decide = (severity: Severity): readonly RouteMatch[] | UntoldReason =>
      shouldTell(
        { ...facts, ...belonging, severity, cutOff: this.#deps.cutOffOf(id) },
        this.#deps.routes,
        nowMs,
        this.#deps.timeZone,
      );
    const alertStep = { ...step, facts, nowMs };
    const isFirst = step.kind === 'fired';
    const matchesFor = (severity: Severity): readonly RouteMatch[] => {
      const decision = decide(severity);
      return typeof decision === 'string' ? [] : decision;
    };
    if (known.size === 0 && mayBegin(alertStep) && (isFirst || matchesFor(facts.severity).length > 0)) {
      const why = reasonToHold(facts, hold, nowMs);
      if (why !== undefined) {
        following.held.set(id, { facts, why, sinceMs: nowMs, heldSinceMs: nowMs });
        return;
      }
    }
    const isSuppressed =
      known.size > 0 && mayBegin(alertStep) && hold.suppressor.suppressionOf(facts, nowMs) !== undefined;
    // Somebody knows of it already: that it got graver is no news where another alert of the same incident told so.
    const isWithheld = (channel: string): boolean =>
      !isFirst && !isStateful(channel) && following.inIncident.isAsGrave(channel, facts);
    const waiting =
      known.size > 0 && mayBegin(alertStep)
        ? newTo(matchesFor(facts.severity), known.values()).filter(
            ({ channel }) => isSuppressed || isWithheld(channel),
          )
        : [];
    const context = {
      ...{ known: [...known.values()], matchesFor, isStateful },
      waiting: new Set(waiting.map(({ channel }) => channel)),
    };
    const changed = applyStep(alertStep, context);
    following.tellings.set(id, new Map([...known, ...byChannel(changed)]));
    if (facts.endedAtMs !== undefined) following.ended.push(id);
    else if (mayBegin(alertStep)) {
      const matches = matchesFor(facts.severity);
      following.escalations.push(...escalationsOf({ alertId: id, belonging }, matches, nowMs));
      // Asked again each minute, and called once it is suppressed no more, nor known by another alert that is open.
      for (const { channel, onCall } of waiting)
        following.escalations.push({
          ...{ alertId: id, belonging },
          channel: onCall === undefined ? channel : escalationTo(onCall),
          atMs: nowMs,
          isWithheld: isWithheld(channel),
        });
    }
    const reason = isFirst ? decide(facts.severity) : undefined;
    if (typeof reason === 'string') following.untold.push({ alertId: id, kind: 'no_route', reason });
  }

  #isHistory({ kind, recordedAtMs, alert }: AlertTransition, nowMs: number): boolean {
    return kind === 'fired' && !alert.isOpen && recordedAtMs < nowMs - this.#deps.maxAgeMs;
  }

  #factsOf({ kind, severity, value, atMs, alert }: AlertTransition): AlertFacts {
    const rule = this.#deps.rules.get(alert.rule);
    const unitName = alert.unit === undefined ? undefined : this.#deps.units.units.get(alert.unit)?.name;
    const { isOpen: _isOpen, isLearnedLate: _isLearnedLate, ...place } = alert;
    return {
      ...place,
      title: rule?.settings.name ?? { en: alert.rule, vi: alert.rule },
      action: rule?.settings.action ?? { en: '', vi: '' },
      severity,
      valueText: valueText(value, rule?.evaluator.valueUnit ?? ''),
      ...(unitName !== undefined && { unitName }),
      ...(isEnd(kind) && { endedAtMs: atMs }),
    };
  }
}

function learnedLate(alertId: string): Untold {
  const reason = 'it began and ended while its agent was cut off; central learned of it when it was over';
  return { alertId, kind: 'learned_late', reason };
}

function isEnd(kind: TimelineKind): boolean {
  return (ENDED_PHASES as readonly string[]).includes(kind);
}

/** It was over before it could be told. */
function untoldOf({ facts, why: { kind, by, reason } }: HeldAlert): Untold {
  return { alertId: facts.id, kind, by, reason };
}

function byChannel(tellings: readonly Telling[]): ReadonlyMap<string, Telling> {
  return new Map(tellings.map((telling) => [telling.channel, telling]));
}
