/** The fault that central raises on purpose, to see whether it would be told. Nobody is meant to see it. */
export const CANARY_RULE = 'central_canary';

export function isCanary({ rule }: { readonly rule: string }): boolean {
  return rule === CANARY_RULE;
}

const MEASUREMENTS: readonly (string | undefined)[] = ['canary', 'canary_hop'];

/** Whether a rule that reads the measurement judges what only a canary that runs can end. */
export function isAboutCanary({ measurement }: { readonly measurement?: string }): boolean {
  return MEASUREMENTS.includes(measurement);
}

/** Of table `alert`: what lists and statistics are made of. */
export const IS_NO_CANARY = `rule <> '${CANARY_RULE}'`;
