/** Tags of values as they stand on the wire (RFC 3416), as far as we tell them apart. */
export const TYPE = {
  integer: 2,
  octets: 4,
  oid: 6,
  ipAddress: 64,
  counter32: 65,
  gauge32: 66,
  timeTicks: 67,
  counter64: 70,
} as const;

export interface Varbind {
  readonly oid: string;
  readonly type: number;
  /** undefined: no such object, no such instance, end of the MIB view, or a value that could not be read. */
  readonly value: VarbindValue | undefined;
}

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
 * `timeout`: no answer that fits. `refused`: the port is closed. `too-big`: the answer would not fit into a message.
 * `denied`: it answers, but will not talk to us. `failed`: it answers with an error, or with something that makes no sense.
 * `unsent`: the request did not leave this machine. `over-limit`: the device has told more than is good for us.
 */
export type SnmpErrorCode = 'timeout' | 'refused' | 'too-big' | 'denied' | 'failed' | 'unsent' | 'over-limit';

/** Says in words what went wrong, without names of communities, users or keys. */
export class SnmpError extends Error {
  override readonly name = 'SnmpError';
  readonly code: SnmpErrorCode;
  constructor(code: SnmpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Message of a `timeout` when nothing at all has come. */
export const NO_ANSWER = 'no answer';

/** Nothing else can be had from this device now: the error is not about one object. */
export function isFinal(error: Error): boolean {
  return !(error instanceof SnmpError) || !['timeout', 'too-big', 'failed'].includes(error.code);
}

/** Asking for more would only wait again. */
export function isUnanswered(error: Error): boolean {
  return isFinal(error) || (error instanceof SnmpError && error.code === 'timeout');
}
