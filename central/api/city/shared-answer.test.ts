import { expect, it } from 'vitest';
import { SharedAnswer } from './shared-answer.ts';

it('is made once for all who ask at once, and tells what is true by then', async () => {
  const answer = new SharedAnswer<number>();
  let open = 0;
  let made = 0;
  const make = (): number => {
    made++;
    return open;
  };
  const asked = Array.from({ length: 50 }, () => answer.ask(make));
  open = 3;
  expect(await Promise.all(asked)).toEqual(Array.from({ length: 50 }, () => 3));
  open = 4;
  expect(await answer.ask(make)).toBe(4);
  expect(made).toBe(2);
});

it('fails for those who asked, and is made anew for the next', async () => {
  const answer = new SharedAnswer<string>();
  const broken = answer.ask(() => {
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  expect(await answer.ask(() => 'well')).toBe('well');
});
