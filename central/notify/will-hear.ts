import type { Outbox } from './outbox/outbox.ts';
import type { AlertOwners, OwnableAlert } from './route/alert-owners.ts';
import { shouldTell, type Route, type RoutedAlert } from './route/should-tell.ts';

export interface WillHearDeps {
  readonly outbox: Pick<Outbox, 'held' | 'tellings' | 'untold'>;
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
}

/** Whether somebody was told of an open alert, is owed it, or will be told once nothing suppresses it. */
export function willHear(
  alert: RoutedAlert & OwnableAlert & { readonly id: string },
  { outbox, routes, owners, timeZone }: WillHearDeps,
  nowMs: number,
): boolean {
  const { id } = alert;
  if (outbox.held.get(id) === undefined) {
    const isOwed = outbox.tellings
      .ofAlert(id)
      .some(({ told, owed }) => told !== 'nothing' || owed !== undefined);
    if (isOwed) return true;
    // It is decided; only becoming graver changes that.
    if (outbox.untold.find(id) !== undefined) return false;
  }
  return typeof shouldTell({ ...alert, ...owners.of(alert) }, routes, nowMs, timeZone) !== 'string';
}
