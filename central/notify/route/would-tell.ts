import { shouldTell, type Route, type RoutedAlert } from './should-tell.ts';

/** Whether any route takes an alert that fires then: of alerts that never were, such as those of a backtest. Pure. */
export function wouldTell(
  { firedAtMs, ...alert }: RoutedAlert & { readonly firedAtMs: number },
  routes: readonly Route[],
  timeZone: string,
): boolean {
  return typeof shouldTell(alert, routes, firedAtMs, timeZone) !== 'string';
}
