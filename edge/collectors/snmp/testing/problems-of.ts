import { UserError } from '../../../../runtime/errors.ts';

/** What a check finds wrong. */
export function problemsOf(check: () => unknown): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}
