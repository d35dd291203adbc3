import { expect, it } from 'vitest';
import { askedFrom, createdFrom, EMPTY_FORM } from './rollout-form.ts';

it('a roll-out is asked for as it was typed', () => {
  const form = {
    ...EMPTY_FORM,
    who: 'units' as const,
    names: '26737, 26740  ',
    reason: ' less often ',
    watchMinutes: '2.5',
  };
  const asked = askedFrom(form);
  expect(asked).toEqual({
    select: { units: ['26737', '26740'] },
    change: { patch: { collectors: [{ kind: 'server', intervalMs: 30_000 }] } },
  });
  expect(asked && createdFrom(asked, form)).toMatchObject({
    reason: 'less often',
    settings: { watchMs: 150_000, leastShare: 0.9, onStop: 'hold' },
  });
  expect(askedFrom({ ...EMPTY_FORM, text: 'collectors:' })).toBeUndefined();
  expect(askedFrom({ ...EMPTY_FORM, what: 'config', text: '{}' })).toEqual({
    select: { all: true },
    change: { config: {} },
  });
});
