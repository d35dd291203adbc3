/** ASN.1 tags of values (RFC 3416), as far as we distinguish them. */
export const TYPE = {
  integer: 2,
  bits: 3,
  octets: 4,
  null: 5,
  oid: 6,
  ipAddress: 64,
  counter32: 65,
  gauge32: 66,
  timeTicks: 67,
  opaque: 68,
  counter64: 70,
  noSuchObject: 128,
  noSuchInstance: 129,
  endOfMibView: 130,
} as const;

const EXCEPTIONS: readonly number[] = [TYPE.noSuchObject, TYPE.noSuchInstance, TYPE.endOfMibView];

/** The device has no such object: a walk has come to its end. Any other varbind without a value could not be read. */
export function isException({ type }: Pick<Varbind, 'type'>): boolean {
  return EXCEPTIONS.includes(type);
}

export interface Varbind {
  readonly oid: string;
  readonly type: number;
  /** undefined: no such object, no such instance, end of the MIB view, or a value that could not be read. */
  readonly value: VarbindValue | undefined;
}

/** Longer values are cut. */
export const MAX_VALUE_BYTES = 1_024;

/** Integers are numbers, Counter64 is bigint, OIDs and addresses are dotted text, everything else is bytes. */
export type VarbindValue = number | bigint | string | Buffer;

export interface BulkRequest {
  /** Read once, in front of the answer. */
  readonly nonRepeaters: readonly string[];
  readonly repeaters: readonly string[];
  readonly maxRepetitions: number;
}

/** A conversation with one device, one request at a time. All errors are SnmpErrors. */
export interface SnmpSession {
  get(oids: readonly string[], signal: AbortSignal): Promise<readonly Varbind[]>;
  getBulk(request: BulkRequest, signal: AbortSignal): Promise<readonly Varbind[]>;
  close(): Promise<void>;
}

/**
 * `timeout`: no matching answer. `refused`: the port is closed. `too-big`: the answer does not fit into a message.
 * `denied`: it answers, but refuses access. `failed`: it answers with an error, or the answer is invalid.
 * `unsent`: the request did not leave this machine. `over-limit`: the device sent more than we accept.
 */
export type SnmpErrorCode = 'timeout' | 'refused' | 'too-big' | 'denied' | 'failed' | 'unsent' | 'over-limit';

/** Its message contains no communities, users or keys. */
export class SnmpError extends Error {
  override readonly name = 'SnmpError';
  readonly code: SnmpErrorCode;
  constructor(code: SnmpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Message of a `timeout` when nothing was received at all. */
export const NO_ANSWER = 'no answer';

/** The error is about the device, not about one object: nothing else can be read now. */
export function isFinal(error: Error): boolean {
  return !(error instanceof SnmpError) || !['timeout', 'too-big', 'failed'].includes(error.code);
}

/** Further requests would only wait again. */
export function isUnanswered(error: Error): boolean {
  return isFinal(error) || (error instanceof SnmpError && error.code === 'timeout');
}
