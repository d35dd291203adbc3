import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { AlertView } from './alert.ts';

/** Whether an alert is about Wardwatch itself: central's own samples raised it. */
export function isOwnAlarm({ agent }: Pick<AlertView, 'agent'>): boolean {
  return agent === CENTRAL_AGENT;
}
