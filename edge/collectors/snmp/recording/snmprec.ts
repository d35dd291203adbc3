import { TYPE } from '../../../protocols/snmp/session.ts';
import type { Recorded } from './walk-device.ts';

/** What may stand in a line as it is. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/** A line of a recording as snmpsim reads it (`OID|tag|value`, bytes that are no text in hexadecimal). Pure. */
export function snmprecLine({ oid, type, value }: Recorded): string {
  if (!Buffer.isBuffer(value)) return `${oid}|${type}|${String(value)}`;
  const text = value.toString('latin1');
  if (type === TYPE.octets && PRINTABLE.test(text)) return `${oid}|${type}|${text}`;
  return `${oid}|${type}x|${value.toString('hex')}`;
}
