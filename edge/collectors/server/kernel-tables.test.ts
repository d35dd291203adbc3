import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conntrackReading, fileHandlesReading } from './kernel-tables.ts';
import { SourceError } from '../../protocols/system/source-error.ts';

it('reads open files, exactly also where there is no limit', () => {
  expect(fileHandlesReading('11072\t0\t9223372036854775807\n').fields).toEqual({
    file_nr: 11_072,
    file_max: 9_223_372_036_854_775_807n,
  });
});

it('reads how full the connection table is', () => {
  expect(conntrackReading('812\n', '262144\n').fields).toEqual({
    ip_conntrack_count: 812,
    ip_conntrack_max: 262_144,
  });
});

it('names the file that it cannot read', () => {
  expect(() => fileHandlesReading('12\n')).toThrow(
    '/proc/sys/fs/file-nr: expected three numbers: open, free and maximum, got "12\\n"',
  );
  expect(() => conntrackReading('-1', '5')).toThrow('nf_conntrack_count: expected a number, got "-1"');
  expect(() => conntrackReading('1', 'many')).toThrow('nf_conntrack_max: expected a number, got "many"');
});

it('reports any invalid input as an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const read of [() => fileHandlesReading(text), () => conntrackReading(text, text)]) {
        try {
          read();
        } catch (error) {
          expect(error).toBeInstanceOf(SourceError);
        }
      }
    }),
  );
});
