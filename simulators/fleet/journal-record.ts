/** Whose batch a record of the journal is. */
export interface RecordOwner {
  readonly agent: string;
  readonly epoch: string;
  /** The agent's, not the journal's. */
  readonly seq: number;
}

export interface JournalRecord extends RecordOwner {
  readonly body: Buffer;
}

const OWNER = /^([a-z0-9-]{1,64}) ([a-z0-9]{8}) ([1-9]\d{0,15})$/;
const MAX_OWNER_BYTES = 64 + 1 + 8 + 1 + 16;
const LINE_BREAK = 0x0a;

/** A line with the owner, then the body as it is published. */
export function encodeJournalRecord({ agent, epoch, seq }: RecordOwner, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${agent} ${epoch} ${seq}\n`, 'latin1'), body]);
}

/** undefined: not such a record. */
export function decodeJournalRecord(bytes: Buffer): JournalRecord | undefined {
  const end = bytes.subarray(0, MAX_OWNER_BYTES + 1).indexOf(LINE_BREAK);
  if (end === -1) return undefined;
  const [, agent, epoch, digits] = OWNER.exec(bytes.toString('latin1', 0, end)) ?? [];
  const seq = Number(digits);
  if (agent === undefined || epoch === undefined || !Number.isSafeInteger(seq)) return undefined;
  return { agent, epoch, seq, body: bytes.subarray(end + 1) };
}
