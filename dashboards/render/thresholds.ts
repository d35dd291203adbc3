import { ThresholdsMode, type ThresholdsConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { COLOUR, type Colour } from '../panel/colour.ts';
import type { Step, Thresholds } from '../panel/thresholds.ts';
import { ruleOf, type RuleBook, type ShippedRule } from '../rules.ts';

export function thresholdSteps(thresholds: Thresholds, rules: RuleBook): readonly Step[] {
  if (thresholds === 'none') return [{ from: null, colour: COLOUR.plain }];
  if ('steps' in thresholds) return thresholds.steps;
  return stepsOf(ruleOf(rules, thresholds.rule), thresholds.times ?? 1);
}

/** Grafana colours from a limit on, a rule beyond it: they differ at the limit itself. */
export function stepsOf(rule: ShippedRule, times: number): readonly Step[] {
  const levels = rule.levels.map(({ severity, raise }) => {
    if (raise === undefined) throw new Error(`dashboards: rule "${rule.id}" has no limits to draw`);
    return { limit: rounded(raise * times), colour: colourOf(severity) };
  });
  if (rule.op !== 'below') {
    return [
      { from: null, colour: COLOUR.good },
      ...levels.map(({ limit, colour }) => ({ from: limit, colour })),
    ];
  }
  // From the gravest upwards: each colour lasts until the limit of its own level.
  const gravestFirst = levels.toReversed();
  return gravestFirst.reduce<Step[]>(
    (steps, { limit }, at) => [
      ...steps,
      { from: limit, colour: gravestFirst[at + 1]?.colour ?? COLOUR.good },
    ],
    [{ from: null, colour: gravestFirst[0]?.colour ?? COLOUR.good }],
  );
}

export function thresholdsConfig(thresholds: Thresholds, rules: RuleBook): ThresholdsConfig {
  const steps = thresholdSteps(thresholds, rules).map(({ from, colour }) => ({ value: from, color: colour }));
  return { mode: ThresholdsMode.Absolute, steps };
}

function colourOf(severity: string): Colour {
  switch (severity) {
    case 'critical':
      return COLOUR.critical;
    case 'major':
      return COLOUR.major;
    case 'minor':
      return COLOUR.minor;
    default:
      return COLOUR.warning;
  }
}

/** 0.8 × 100 is 80, not 80.00000000000001. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
