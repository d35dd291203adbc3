/** Exit codes of every subcommand, as `wardwatch --help` lists them. */
export const EXIT = {
  ok: 0,
  failure: 1,
  badConfig: 2,
  portInUse: 3,
  dataDirectory: 4,
  differs: 5,
} as const;

/** An error for the user at the terminal: one line a problem, no stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;
  readonly problems: readonly string[];
  constructor(exitCode: number, problems: readonly string[], cause?: unknown) {
    super(problems.join('\n'), { cause });
    this.exitCode = exitCode;
    this.problems = problems;
  }
}

/** Of an AggregateError; more say nothing new. */
const MAX_PARTS = 16;

/** Never empty: an AggregateError without a message of its own gives those of its parts, any other its code or name. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error) || 'unknown error';
  if (error.message !== '') return error.message;
  const parts = error instanceof AggregateError ? error.errors.slice(0, MAX_PARTS).map(messageOf) : [];
  return parts.length > 0 ? parts.join('; ') : (codeOf(error) ?? error.name);
}

/** The `code` of a Node error, such as `ENOSPC`. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
