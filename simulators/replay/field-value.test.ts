import { expect, it } from 'vitest';
import type { FieldDefinition } from '../../contract/catalogue.ts';
import { fieldValue } from './field-value.ts';

const COUNT: FieldDefinition = {
  type: 'int',
  unit: '1',
  meaning: { en: 'A count', vi: 'Số lượng' },
  min: 0,
  max: 1_000_000,
};
const valueOf = (cell: string, factor: number): unknown =>
  fieldValue(cell, { column: 'n', factor, missing: [] }, COUNT, {});

it('a whole number times its factor is whole, whatever the processor makes of it', () => {
  expect(4.35 * 100).not.toBe(435);
  expect([valueOf('4.35', 100), valueOf('1.1', 10), valueOf('435', 1)]).toEqual([435, 11, 435]);
});

it('what is no whole number is refused as before', () => {
  const refused = { expected: 'a whole number from 0 to 1000000' };
  expect([valueOf('4.351', 100), valueOf('435.00001', 2), valueOf('4.5', 1)]).toEqual([
    refused,
    refused,
    refused,
  ]);
});
