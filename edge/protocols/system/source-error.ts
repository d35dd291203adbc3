/** A kernel file that is needed is missing, or does not look as documented. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: 'missing' | 'malformed';
  constructor(code: SourceError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The error shows the beginning of `line`. */
export function malformed(file: string, line: string, expected: string): SourceError {
  return new SourceError(
    'malformed',
    `${file}: expected ${expected}, got ${JSON.stringify(line.slice(0, 80))}`,
  );
}
