import { TYPE, type VarbindValue } from '../../../protocols/snmp/session.ts';

const NUMBERS: readonly number[] = [TYPE.integer, TYPE.counter32, TYPE.gauge32, TYPE.timeTicks];
const DOTTED: readonly number[] = [TYPE.oid, TYPE.ipAddress];

/** The objects of a recording in `.snmprec`; lines that are none are left out. Pure. */
export function parseSnmprec(text: string): Readonly<Record<string, VarbindValue>> {
  const objects: Record<string, VarbindValue> = {};
  for (const line of text.split('\n')) {
    const [oid = '', tag = '', ...rest] = line.replace(/\r$/, '').split('|');
    const value = /^[0-9.]+$/.test(oid) ? valueOf(tag, rest.join('|')) : undefined;
    if (value !== undefined) objects[oid] = value;
  }
  return objects;
}

function valueOf(tag: string, text: string): VarbindValue | undefined {
  const type = Number.parseInt(tag, 10);
  if (NUMBERS.includes(type)) return /^-?\d+$/.test(text) ? Number(text) : undefined;
  if (type === TYPE.counter64) return /^\d+$/.test(text) ? BigInt(text) : undefined;
  if (DOTTED.includes(type)) return text;
  return Number.isNaN(type) ? undefined : Buffer.from(text, tag.endsWith('x') ? 'hex' : 'utf8');
}
