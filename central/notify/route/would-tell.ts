import type { AlertOwners, OwnableAlert } from './alert-owners.ts';
import { shouldTell, type Route, type RoutedAlert } from './should-tell.ts';

export type UnraisedAlert = RoutedAlert & OwnableAlert & { readonly firedAtMs: number };

interface WouldTellDeps {
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
}

/** Whether any route takes an alert that fires then: of alerts that never were, such as those of a backtest. Pure. */
export function wouldTell(
  { firedAtMs, ...alert }: UnraisedAlert,
  { routes, owners, timeZone }: WouldTellDeps,
): boolean {
  return typeof shouldTell({ ...alert, ...owners.of(alert) }, routes, firedAtMs, timeZone) !== 'string';
}
