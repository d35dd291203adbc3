import { BerError, integerBytes, readElements, readInteger, readOid, TAG, tlv, type Element } from './ber.ts';

/** The parts of an SNMP v2c request (RFC 3416) that a read-only agent needs. */
export interface Request {
  readonly community: string;
  readonly pdu: number;
  readonly id: number;
  /** Of GetBulk only; 0 otherwise. */
  readonly nonRepeaters: number;
  readonly maxRepetitions: number;
  readonly oids: readonly (readonly number[])[];
}

const V2C = 1;

/** Throws a BerError if it is no v2c request. */
export function parseRequest(bytes: Buffer): Request {
  const [message] = readElements(bytes);
  const [version, community, pdu] = readElements(part(message, TAG.sequence));
  if (readInteger(part(version, TAG.integer)) !== V2C) throw new BerError('not v2c');
  if (pdu === undefined) throw new BerError('no PDU');
  const [id, second, third, list] = readElements(pdu.content);
  const oids = readElements(part(list, TAG.sequence)).map((varbind) => {
    const [oid] = readElements(part(varbind, TAG.sequence));
    return readOid(part(oid, TAG.oid));
  });
  return {
    community: part(community, TAG.octets).toString('latin1'),
    pdu: pdu.tag,
    id: readInteger(part(id, TAG.integer)),
    nonRepeaters: Math.max(0, readInteger(part(second, TAG.integer))),
    maxRepetitions: Math.max(0, readInteger(part(third, TAG.integer))),
    oids,
  };
}

function part(element: Element | undefined, tag: number): Buffer {
  if (element?.tag !== tag) throw new BerError(`expected tag ${tag}, got ${element?.tag ?? 'nothing'}`);
  return element.content;
}

export interface Response {
  readonly community: string;
  readonly id: number;
  /** 0 no error, 1 tooBig, 5 genErr (RFC 3416). */
  readonly errorStatus: number;
  readonly errorIndex: number;
  readonly varbinds: readonly Buffer[];
}

export function encodeResponse(response: Response): Buffer {
  const integer = (value: number): Buffer => tlv(TAG.integer, integerBytes(BigInt(value)));
  return tlv(
    TAG.sequence,
    integer(V2C),
    tlv(TAG.octets, Buffer.from(response.community, 'latin1')),
    tlv(
      TAG.response,
      integer(response.id),
      integer(response.errorStatus),
      integer(response.errorIndex),
      tlv(TAG.sequence, ...response.varbinds),
    ),
  );
}
