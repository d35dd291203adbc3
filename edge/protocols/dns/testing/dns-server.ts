import { isIPv4 } from 'node:net';
import { udpServer } from '../../testing/servers.ts';

export interface DnsReply {
  readonly rcode?: number;
  readonly addresses?: readonly string[];
}

const TYPES: Readonly<Record<number, string>> = { 1: 'A', 15: 'MX', 28: 'AAAA' };

/** A name server (RFC 1035) with the test's answers; undefined: no answer. */
export function dnsServer(
  answer: (question: { readonly name: string; readonly type: string }) => DnsReply | undefined,
): Promise<number> {
  return udpServer((query) => {
    const { name, end } = readName(query);
    const reply = answer({ name, type: TYPES[query.readUInt16BE(end)] ?? '' });
    return reply === undefined ? [] : [encodeReply(query, end + 4, reply)];
  });
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function encodeReply(query: Buffer, questionEnd: number, { rcode = 0, addresses = [] }: DnsReply): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, query.subarray(12, questionEnd), ...addresses.map(encodeAddress)]);
}

function encodeAddress(address: string): Buffer {
  const bytes = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : encodeIpv6(address);
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0); // the name in the question
  record.writeUInt16BE(isIPv4(address) ? 1 : 28, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(60, 6);
  record.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([record, bytes]);
}

function encodeIpv6(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...new Array<string>(missing).fill('0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
