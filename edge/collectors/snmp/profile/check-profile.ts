import { checkConfig, checkAll } from '../../../../runtime/config.ts';
import { EXIT, UserError } from '../../../../runtime/errors.ts';
import { reportCatalogueProblems } from './catalogue-problems.ts';
import { profileSchema, type Profile } from './profile-schema.ts';

const MAX_SHOWN = 80;
/** Of one file: more say nothing new, and a file may be anything. */
const MAX_PROBLEMS = 20;

/**
 * A profile, checked for its form and against the catalogue; `file` names it in problems. Throws a UserError (exit 2) with
 * them, at most twenty.
 */
export function checkProfile(file: string, value: unknown): Profile {
  try {
    const [profile] = checkAll(
      () => checkConfig(file, value, profileSchema),
      () => checkCatalogue(file, value),
    );
    return profile;
  } catch (error) {
    if (!(error instanceof UserError) || error.problems.length <= MAX_PROBLEMS) throw error;
    const rest = `${file}: and ${error.problems.length - MAX_PROBLEMS} more problems`;
    throw new UserError(error.exitCode, [...error.problems.slice(0, MAX_PROBLEMS), rest], error);
  }
}

function checkCatalogue(file: string, value: unknown): void {
  const problems: string[] = [];
  reportCatalogueProblems(value, (path, message, got) => {
    const shown = got === undefined ? '' : `, got ${JSON.stringify(got).slice(0, MAX_SHOWN)}`;
    problems.push(`${file}: ${path}: ${message}${shown}`);
  });
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
}
