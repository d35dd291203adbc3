import { expect, it } from 'vitest';
import { groupQuery } from './quarantine-filters.tsx';

it('asks central for what the address names, and for nothing that is empty or unknown', () => {
  expect(groupQuery({ agent: ' gw-1 ', code: 'out-of-range', measurement: 'mem', from: '-24h' })).toEqual({
    ...{ agent: 'gw-1', code: 'out-of-range', measurement: 'mem', from: '-24h' },
  });
  expect(groupQuery({ agent: ' ', code: '', from: '-2y', open: 'gw-1 out-of-range mem' })).toEqual({});
});
