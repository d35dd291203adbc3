import type { Bodies } from '../../api/answers.ts';

export const WHO_WAYS = ['all', 'ids', 'units', 'sites'] as const;
export const WHAT_WAYS = ['patch', 'config'] as const;

/** What a person typed. */
export interface RolloutForm {
  readonly who: (typeof WHO_WAYS)[number];
  /** Separated by commas or spaces. */
  readonly names: string;
  readonly what: (typeof WHAT_WAYS)[number];
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
    what: 'patch',
    reason: '',
    watchMinutes: '10',
    sharePercent: '90',
    onStop: 'hold',
  },
  text: '{\n  "collectors": [{ "kind": "server", "intervalMs": 30000 }]\n}',
};

type Created = Bodies['POST /api/v1/rollouts'];
export type Asked = Bodies['POST /api/v1/rollout-previews'];

/** undefined: the text is no JSON. What else is wrong central says. Pure. */
export function askedFrom({ who, names, what, text }: RolloutForm): Asked | undefined {
  const listed = names.split(/[\s,]+/).filter((name) => name !== '');
  const select = who === 'all' ? { all: true as const } : { [who]: listed };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return { select, change: { [what]: value } as Asked['change'] };
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
