import type { FieldValue } from '../../../../contract/sample.ts';
import type { StateRule } from '../../lifecycle/alert-state.ts';
import type { Judgement } from '../../lifecycle/level-state.ts';
import type { AlertRule } from '../rule.ts';
import type { Severity } from '../severity.ts';

/** A rule made ready for the hot path. */
export interface CompiledRule {
  readonly rule: AlertRule;
  readonly stateRule: StateRule;
  /** Of each level, mildest first. */
  readonly severities: readonly Severity[];
  /** Whether any level is in breach: all that is asked of a healthy entity. */
  breaches(value: FieldValue): boolean;
  judge(value: FieldValue): readonly Judgement[];
  /** What a row says that does not meet the rule's `when`. */
  readonly allClear: readonly Judgement[];
}

/** Central looks for silent agents every second; a longer gap means that it stood still itself. */
const SILENCE_INTERVAL_MS = 1_000;

export function compileRule(rule: AlertRule): CompiledRule {
  return {
    rule,
    stateRule: {
      intervalMs: rule.kind === 'silence' ? SILENCE_INTERVAL_MS : rule.interval,
      levels: rule.levels.map((level) => ({ forMs: level.for ?? rule.for, clearForMs: rule.clearFor })),
    },
    severities: rule.levels.map((level) => level.severity),
    allClear: rule.levels.map(() => 'clear'),
    ...judges(rule),
  };
}

function judges(rule: AlertRule): Pick<CompiledRule, 'breaches' | 'judge'> {
  if (rule.kind === 'threshold' && rule.op === 'equals') return equalsJudges(rule.levels);
  return limitJudges(rule.kind === 'threshold' && rule.op === 'below' ? -1 : 1, rule.levels);
}

function equalsJudges(
  levels: readonly { readonly values: readonly FieldValue[] }[],
): Pick<CompiledRule, 'breaches' | 'judge'> {
  const sets = levels.map((level) => new Set(level.values));
  const plain = (value: FieldValue): FieldValue => (typeof value === 'bigint' ? Number(value) : value);
  return {
    breaches: (value) => sets.some((set) => set.has(plain(value))),
    judge: (value) => sets.map((set) => (set.has(plain(value)) ? 'breach' : 'clear')),
  };
}

/** `sign` −1 turns "below" into "above" of the negated value. The first level is the mildest: it breaches first. */
function limitJudges(
  sign: 1 | -1,
  levels: readonly { readonly raise: number; readonly clear: number }[],
): Pick<CompiledRule, 'breaches' | 'judge'> {
  const mildest = sign * (levels[0]?.raise ?? Infinity);
  const signed = levels.map((level) => ({ raise: sign * level.raise, clear: sign * level.clear }));
  return {
    breaches: (value) => sign * Number(value) > mildest,
    judge: (value) => {
      const height = sign * Number(value);
      return signed.map(({ raise, clear }) =>
        height > raise ? 'breach' : height <= clear ? 'clear' : 'between',
      );
    },
  };
}
