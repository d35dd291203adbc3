import type { Bodies } from '../../api/answers.ts';
import {
  NEW_ROW,
  patchFrom,
  settingsProblems,
  type SettingsForm,
  type SettingsProblem,
} from './rollout-settings.ts';

export const WHO_WAYS = ['all', 'ids', 'units', 'sites'] as const;
export const WHAT_WAYS = ['settings', 'patch', 'config'] as const;
const WATCH_MINUTES = { least: 0.1, most: 1_440 };
const SHARE_PERCENT = { least: 0, most: 100 };

/** What a person typed. */
export interface RolloutForm {
  readonly who: (typeof WHO_WAYS)[number];
  /** Separated by commas or spaces. */
  readonly names: string;
  readonly what: (typeof WHAT_WAYS)[number];
  readonly settings: SettingsForm;
  /** JSON. */
  readonly text: string;
  readonly reason: string;
  readonly watchMinutes: string;
  readonly sharePercent: string;
  readonly onStop: 'hold' | 'roll_back';
}

export const EMPTY_FORM: RolloutForm = {
  ...{
    who: 'all',
    names: '',
    what: 'settings',
    reason: '',
    watchMinutes: '10',
    sharePercent: '90',
    onStop: 'hold',
  },
  settings: { logLevel: '', collectors: [NEW_ROW] },
  text: '{\n  "collectors": [{ "kind": "server", "intervalMs": 30000 }]\n}',
};

type Created = Bodies['POST /api/v1/rollouts'];
export type Asked = Bodies['POST /api/v1/rollout-previews'];

export type FormProblem = SettingsProblem | 'needed' | 'json' | 'watch' | 'share';

/** By field: those of `RolloutForm`, and those of its settings. All at once. What else is wrong central says. Pure. */
export function formProblems(form: RolloutForm): ReadonlyMap<string, FormProblem> {
  const problems = new Map<string, FormProblem>(
    form.what === 'settings' ? settingsProblems(form.settings) : [],
  );
  if (form.who !== 'all' && namesOf(form).length === 0) problems.set('names', 'needed');
  if (form.what !== 'settings' && jsonOf(form.text) === undefined) problems.set('text', 'json');
  if (form.reason.trim() === '') problems.set('reason', 'needed');
  if (!isWithin(form.watchMinutes, WATCH_MINUTES)) problems.set('watchMinutes', 'watch');
  if (!isWithin(form.sharePercent, SHARE_PERCENT)) problems.set('sharePercent', 'share');
  return problems;
}

/** Of a form without problems. Pure. */
export function askedFrom(form: RolloutForm): Asked {
  const { who, what, text, settings } = form;
  const select = who === 'all' ? { all: true as const } : { [who]: namesOf(form) };
  if (what === 'settings') return { select, change: { patch: patchFrom(settings) } };
  return { select, change: { [what]: jsonOf(text) } as Asked['change'] };
}

/** Pure. */
export function createdFrom(asked: Asked, form: RolloutForm): Created {
  return {
    ...asked,
    reason: form.reason.trim(),
    settings: {
      watchMs: Math.round(Number(form.watchMinutes) * 60_000),
      leastShare: Number(form.sharePercent) / 100,
      onStop: form.onStop,
    },
  };
}

function namesOf({ names }: RolloutForm): readonly string[] {
  return names.split(/[\s,]+/).filter((name) => name !== '');
}

/** undefined: it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isWithin(text: string, { least, most }: { readonly least: number; readonly most: number }): boolean {
  const value = Number(text);
  return text.trim() !== '' && value >= least && value <= most;
}
