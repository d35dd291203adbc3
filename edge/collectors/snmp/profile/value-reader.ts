import type { FieldDefinition } from '../../../../contract/catalogue.ts';
import type { FieldValue } from '../../../../contract/sample.ts';
import { roundOff, toNumber, toText } from '../../../protocols/snmp/value.ts';
import type { VarbindValue } from '../../../protocols/snmp/session.ts';
import type { ValueSource } from './profile-schema.ts';
import { conversion } from '../../units.ts';

/** How a profile reads one value, without its place. */
export type ValueRule = Pick<
  ValueSource,
  'absent' | 'min' | 'max' | 'inText' | 'scale' | 'offset' | 'unit' | 'good' | 'values'
>;
export type ValueReader = (value: VarbindValue | undefined) => FieldValue | undefined;

const FIRST_NUMBER = /[-+]?\d+(?:\.\d+)?/;

/** Reads a value as a field of the catalogue. undefined: not available, or outside of what the field can be. Pure. */
export function valueReader(rule: ValueRule, field: FieldDefinition): ValueReader {
  const values = rule.values && new Map(Object.entries(rule.values));
  const convert = conversion(rule.unit ?? field.unit, field.unit);
  return (value) => {
    const number = rule.inText ? numberIn(value) : toNumber(value);
    if (number !== undefined && isAbsent(rule, number)) return undefined;
    const told = number ?? toText(value);
    if (told === undefined) return undefined;
    if (rule.good !== undefined) return rule.good.includes(told);
    if (values !== undefined) return values.get(String(told));
    if (field.type === 'string') return toText(value);
    if (field.type === 'bool' || number === undefined) return undefined;
    const scaled = convert?.(number * rule.scale + rule.offset);
    return scaled === undefined ? undefined : inField(scaled, field);
  };
}

function isAbsent({ absent, min = -Infinity, max = Infinity }: ValueRule, number: number): boolean {
  return absent.includes(number) || number < min || number > max;
}

function inField(
  number: number,
  { type, min = -Infinity, max = Infinity }: FieldDefinition,
): number | undefined {
  const value = type === 'int' ? Math.round(number) : roundOff(number);
  return value >= min && value <= max && (type !== 'int' || Number.isSafeInteger(value)) ? value : undefined;
}

/** The first number in a text. Pure. */
export function numberIn(value: VarbindValue | undefined): number | undefined {
  const found = FIRST_NUMBER.exec(toText(value) ?? '')?.[0];
  return found === undefined ? undefined : Number(found);
}
