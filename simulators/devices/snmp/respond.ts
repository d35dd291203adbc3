import { oidBytes, TAG, tlv } from './ber.ts';
import type { DeviceState } from './device-state.ts';
import { encodeResponse, parseRequest, type Request } from './message.ts';

export interface ResponderOptions {
  readonly community: string;
  /** A longer answer becomes tooBig (GET, GETNEXT) or is truncated to fewer repetitions (GETBULK). */
  readonly maxResponseBytes: number;
}

const TOO_BIG = 1;
const HEADER_BYTES = 64;

/** The answer to one datagram; undefined for another community. Throws a BerError if it is no request. */
export function respond(bytes: Buffer, state: DeviceState, options: ResponderOptions): Buffer | undefined {
  const request = parseRequest(bytes);
  if (request.community !== options.community) return undefined;
  const { community, id } = request;
  const room = options.maxResponseBytes - HEADER_BYTES - community.length;
  const varbinds = request.pdu === TAG.getBulk ? bulk(request, state, room) : single(request, state);
  const size = varbinds.reduce((sum, varbind) => sum + varbind.length, 0);
  if (size > room)
    return encodeResponse({ community, id, errorStatus: TOO_BIG, errorIndex: 0, varbinds: [] });
  return encodeResponse({ community, id, errorStatus: 0, errorIndex: 0, varbinds });
}

function single(request: Request, state: DeviceState): Buffer[] {
  const isNext = request.pdu === TAG.getNext;
  return request.oids.map((oid) => {
    const found = state.find(oid, isNext);
    return found?.bytes ?? missing(oid, isNext ? TAG.endOfMibView : TAG.noSuchInstance);
  });
}

/** RFC 3416, 4.2.3: varbinds that do not fit are omitted from the end. */
function bulk(request: Request, state: DeviceState, room: number): Buffer[] {
  const varbinds: Buffer[] = [];
  let left = room;
  const take = (oid: readonly number[]): readonly number[] | undefined => {
    const found = state.find(oid, true);
    const bytes = found?.bytes ?? missing(oid, TAG.endOfMibView);
    left -= bytes.length;
    if (left < 0) return undefined;
    varbinds.push(bytes);
    return found?.oid ?? oid;
  };
  for (const oid of request.oids.slice(0, request.nonRepeaters)) take(oid);
  let row = request.oids.slice(request.nonRepeaters);
  for (let repetition = 0; repetition < request.maxRepetitions && row.length > 0; repetition++) {
    const next: (readonly number[])[] = [];
    for (const oid of row) {
      const found = take(oid);
      if (found === undefined) return varbinds;
      next.push(found);
    }
    if (next.every((oid, at) => oid === row[at])) return varbinds; // all at the end
    row = next;
  }
  return varbinds;
}

function missing(oid: readonly number[], tag: number): Buffer {
  return tlv(TAG.sequence, tlv(TAG.oid, oidBytes(oid)), tlv(tag));
}
