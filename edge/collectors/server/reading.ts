import type { FieldValue } from '../../../contract/sample.ts';

/** A sample before it gets its time and the agent's common tags. */
export interface Reading {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A kernel file that this part needs is missing, or does not look as documented. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: 'missing' | 'malformed';
  constructor(code: SourceError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** `line` as it stands in `file`, cut short, in the error. */
export function malformed(file: string, line: string, expected: string): SourceError {
  return new SourceError(
    'malformed',
    `${file}: expected ${expected}, got ${JSON.stringify(line.slice(0, 80))}`,
  );
}
