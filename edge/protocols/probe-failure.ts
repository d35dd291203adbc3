/** Why a service does not work, as its user would sort it. */
export type FailureKind =
  'name' | 'connection' | 'certificate' | 'protocol' | 'timeout' | 'status' | 'text' | 'body';

/** The service was tried and does not work. That is a measurement, not an error of the collector. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
  readonly kind: FailureKind;
  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
