import { isCorrection } from '../history/alert-correction.ts';
import type { AlertTransition } from '../history/alert-transitions.ts';
import type { SuppressibleAlert } from '../suppression/suppression.ts';
import type { IncidentBook } from './book.ts';

const ENDINGS: ReadonlySet<string> = new Set(['resolved', 'withdrawn', 'closed']);
/** Steps after which an alert is on its way to its end, or is not; others say nothing of it. */
const RECOVERS: ReadonlyMap<string, boolean> = new Map([
  ['recovering', true],
  ['relapsed', false],
  ['flapping', false],
  ['steady', false],
  ['escalated', false],
]);

/** What a step of an alert means for its incident. */
export function applyStep(
  book: Pick<IncidentBook, 'open' | 'update' | 'close'>,
  step: AlertTransition,
  nowMs: number,
): void {
  const { kind, alert } = step;
  if (alert.isLearnedLate === true || isCorrection(kind)) return;
  if (kind === 'fired') book.open(factsOf(step), nowMs);
  else if (ENDINGS.has(kind)) book.close(alert.id);
  else if (kind !== 'started') book.update(factsOf(step), RECOVERS.get(kind));
}

/** An alert that was open when central started, by its last step. */
export function applyOpen(
  book: Pick<IncidentBook, 'open' | 'update'>,
  step: AlertTransition,
  nowMs: number,
): void {
  book.open(factsOf(step), nowMs);
  if (step.kind === 'recovering') book.update(factsOf(step), true);
}

function factsOf({ alert, severity }: AlertTransition): SuppressibleAlert {
  const { isOpen: _isOpen, isLearnedLate: _isLearnedLate, ...facts } = alert;
  return { ...facts, severity };
}
