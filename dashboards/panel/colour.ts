/** One meaning each, on every dashboard. Red is for what somebody has to act on now. */
export const COLOUR = {
  good: 'green',
  warning: 'light-blue',
  minor: 'yellow',
  major: 'orange',
  critical: 'red',
  /** Nothing is known: neither good nor bad. */
  unknown: '#8e8e8e',
  maintenance: 'purple',
  /** Not judged. */
  plain: 'text',
} as const;

export type Colour = (typeof COLOUR)[keyof typeof COLOUR];
