import { nearestName } from '../../runtime/nearest-name.ts';

/** `, did you mean "unit"?`, for the end of a message about an unknown name; empty if no known name is close. */
export function suggestionFor(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : `, did you mean "${nearest}"?`;
}
