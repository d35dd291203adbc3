import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { createRule } from '../rules/create-rule.ts';
import { ruleKinds } from '../rules/kinds/index.ts';
import type { AlertRule } from '../rules/rule.ts';
import { batchOf, liveContext, ruleFile } from './batches-and-rules.ts';
import { EngineHarness, S, START } from './engine-harness.ts';
import { SeriesPool } from './series-pool.ts';

/** A rule `a` of central's own catalogue that fires and clears at once, unless its settings say otherwise. */
export function kindRule(settings: Record<string, unknown>): AlertRule {
  const { name, action, eventType, probableCause } = ruleFile();
  const content = { name, action, eventType, probableCause, for: '0s', clearFor: '0s', ...settings };
  return createRule({ id: 'a', source: 'a', content }, CATALOGUE, ruleKinds);
}

/** Why the rule with these settings is refused; none: it is not. */
export function problemsOf(make: () => AlertRule): readonly string[] {
  try {
    make();
    return [];
  } catch (error) {
    return (error as { problems: readonly string[] }).problems;
  }
}

export interface SentRow {
  readonly measurement: string;
  /** In this order, but for `agent`, which comes last. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue | undefined>>;
  /** Who sends it. */
  readonly agent?: string | undefined;
  /** Measured so long before it arrives. */
  readonly ageS?: number | undefined;
  /** False: the inventory lacks the device. */
  readonly isExpected?: boolean | undefined;
}

/** An engine for one kind of rule: rows arrive one by one, each as the next one of a series that is known. */
export class KindHarness extends EngineHarness {
  #pool = new SeriesPool();
  #seq = 0;

  send(atS: number, row: SentRow): void {
    const { measurement, tags, fields, agent = 'gw-1', ageS = 0, isExpected = true } = row;
    const timeMs = START + (atS - ageS) * S;
    const rows = [{ tags: [...Object.values(tags), agent], timeMs, values: Object.values(fields) }];
    const names = { tags: [...Object.keys(tags), 'agent'], fields: Object.keys(fields) };
    const batch = { agent, seq: ++this.#seq, measurement, ...names, rows, pool: this.#pool, isExpected };
    this.engine.observe(batchOf(batch), liveContext(START + atS * S));
  }

  tick(atS: number): void {
    this.engine.tick(START + atS * S);
  }

  /** As the registry does when central starts again. */
  forgetSeries(): void {
    this.#pool = new SeriesPool();
  }
}
