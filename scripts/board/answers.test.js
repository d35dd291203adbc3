import { afterAll, beforeAll, expect, it } from 'vitest';
import { ApiHarness } from '../../central/api/testing/api-harness.ts';
import { answersText } from './answers-text.js';
import { OPERATIONS } from './operations.js';

let harness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

it('the board has the shapes of the API; after a change of it: npx vitest run --project unit scripts/board -u', async () => {
  const { json: document } = await harness.call('GET', '/docs/json');
  await expect(answersText(document, OPERATIONS)).toMatchFileSnapshot('../../board/api/answers.ts');
});
