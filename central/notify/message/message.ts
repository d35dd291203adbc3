import { createHash } from 'node:crypto';
import { severityRank, type Severity } from '../../alerts/rules/severity.ts';
import type { Owed } from '../outbox/telling.ts';
import type { MessageIncident } from './message-incident.ts';
import type { AlertFacts } from './alert-facts.ts';

export interface MessageAlert {
  readonly what: Owed;
  /** With which severity the channel was told before; undefined: it was not. */
  readonly toldSeverity?: Severity;
  readonly facts: AlertFacts;
}

/** `digest`: of alerts that would have been several messages, in a storm. `test`: asked for by a person. */
export type MessageKind = 'alerts' | 'digest' | 'test';

export interface Message {
  /** The same at each attempt: a receiver that has seen it can leave out the repetition. */
  readonly key: string;
  readonly kind: MessageKind;
  readonly madeAtMs: number;
  /** Keys of earlier messages to the same channel that told of the same alerts, oldest first: those of their beginning. */
  readonly follows?: readonly string[];
  /** Where all its alerts are of one with a known root. */
  readonly incident?: MessageIncident;
  /** None in a test. */
  readonly alerts: readonly MessageAlert[];
}

/** Depends on channel, time and content alone. */
export function messageKey(
  channel: string,
  madeAtMs: number,
  alerts: readonly Pick<MessageAlert, 'what' | 'facts'>[],
): string {
  const content = alerts.map(({ what, facts }) => `${what} ${facts.id}`).sort();
  const digest = createHash('sha256')
    .update([channel, madeAtMs, ...content].join('\n'))
    .digest('hex');
  return `n-${digest.slice(0, 32)}`;
}

export function isOver({ what }: Pick<MessageAlert, 'what'>): boolean {
  return what === 'end' || what === 'whole';
}

/** Those that go on before those that are over, the gravest first, then the oldest. */
export function inOrderOfWeight(alerts: readonly MessageAlert[]): readonly MessageAlert[] {
  return [...alerts].sort(
    (a, b) =>
      Number(isOver(a)) - Number(isOver(b)) ||
      severityRank(b.facts.severity) - severityRank(a.facts.severity) ||
      a.facts.startedAtMs - b.facts.startedAtMs,
  );
}
