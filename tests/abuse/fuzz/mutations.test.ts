import { expect, it } from 'vitest';
import { seededRandom } from '../../support/seeded-random.ts';
import { fuzzedMessages } from './mqtt-messages.ts';

const MESSAGES = 30_000;
const MAX_BYTES = 1024 * 1024;

it('mutations never fail themselves, and stay of a size that a broker looks at', () => {
  const make = fuzzedMessages();
  const random = seededRandom(1);
  let largest = 0;
  for (let at = 0; at < MESSAGES; at++) {
    largest = Math.max(largest, make('gw-fuzz-1', random).payload.length);
  }
  expect(largest).toBeLessThan(MAX_BYTES);
});
