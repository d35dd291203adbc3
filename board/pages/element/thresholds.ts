import type { Answers } from '../../api/answers.ts';
import type { Threshold } from '../../chart/chart.tsx';
import type { Texts } from '../../language/vi.ts';

type Rule = Answers['/api/v1/rules']['items'][number];

/** The limits of the rules over one field, such as `90` of `90 → 85`; rules over shares, times and texts have none on this axis. Pure. */
export function thresholdsOf(
  rules: readonly Pick<Rule, 'condition' | 'levels' | 'kind'>[],
  measurement: string,
  field: string,
  texts: Texts,
): Threshold[] {
  const beginning = `${measurement}.${field} `;
  const found = rules.flatMap(({ kind, condition, levels }): Threshold[] => {
    if (kind === 'composite')
      return partsOf(condition, beginning, texts.severities[levels[0]?.severity ?? 'warning']);
    if (kind !== 'threshold' || !condition.startsWith(beginning)) return [];
    return levels.flatMap(({ severity, limit }) => {
      const value = NUMBER.exec(limit)?.[0];
      return value === undefined ? [] : [{ name: texts.severities[severity], value: Number(value) }];
    });
  });
  return found.filter(({ value }, at) => found.findIndex((each) => each.value === value) === at);
}

const NUMBER = /^-?\d+(\.\d+)?(?= |$)/;

/** Of a rule of several conditions, such as `interface.oper_status 1; interface.rx_power_dbm below -22`, that of this field. Pure. */
function partsOf(condition: string, beginning: string, name: string): Threshold[] {
  return condition.split('; ').flatMap((part) => {
    const value = part.startsWith(beginning)
      ? /(?:below|above) (-?\d+(?:\.\d+)?)/.exec(part)?.[1]
      : undefined;
    return value === undefined ? [] : [{ name, value: Number(value) }];
  });
}
