import { expect, it } from 'vitest';
import { askedFrom, createdFrom, EMPTY_FORM, formProblems, type RolloutForm } from './rollout-form.ts';
import { NEW_ROW } from './rollout-settings.ts';

it('a roll-out is asked for as it was typed', () => {
  const form: RolloutForm = {
    ...EMPTY_FORM,
    who: 'units',
    names: '26737, 26740  ',
    settings: { logLevel: '', collectors: [{ ...NEW_ROW, intervalS: '30' }] },
    reason: ' less often ',
    watchMinutes: '2.5',
  };
  expect(formProblems(form).size).toBe(0);
  const asked = askedFrom(form);
  expect(asked).toEqual({
    select: { units: ['26737', '26740'] },
    change: { patch: { collectors: [{ kind: 'server', intervalMs: 30_000 }] } },
  });
  expect(createdFrom(asked, form)).toMatchObject({
    reason: 'less often',
    settings: { watchMs: 150_000, leastShare: 0.9, onStop: 'hold' },
  });
  expect(askedFrom({ ...EMPTY_FORM, what: 'config', text: '{}' })).toEqual({
    select: { all: true },
    change: { config: {} },
  });
});

it('says what is wrong by field, all at once', () => {
  const wrong: RolloutForm = {
    ...EMPTY_FORM,
    ...{ who: 'ids', names: ' , ', what: 'patch', text: 'collectors:' },
    ...{ watchMinutes: '0', sharePercent: '101' },
  };
  expect(Object.fromEntries(formProblems(wrong))).toEqual({
    ...{ names: 'needed', text: 'json', reason: 'needed', watchMinutes: 'watch', sharePercent: 'share' },
  });
  expect(Object.fromEntries(formProblems({ ...EMPTY_FORM, reason: 'x' }))).toEqual({
    '0.intervalS': 'nothing',
  });
});
