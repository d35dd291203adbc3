import type { Catalogue, FieldDefinition, MeasurementDefinition } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { BatchContext } from '../../samples/batch-observer.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { createRule } from '../rules/create-rule.ts';
import { ruleKinds } from '../rules/kinds/index.ts';
import type { RuleKind } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import { SeriesPool } from './series-pool.ts';

const text = { en: 'x', vi: 'x' };
const percent: FieldDefinition = { type: 'float', unit: '%', min: 0, max: 100, meaning: text };

function measurement(
  name: string,
  fields: Record<string, FieldDefinition>,
  ownTags: MeasurementDefinition['tags'] = {},
): MeasurementDefinition {
  const tags = { agent: text, host: text, device: text, site: text, unit: text, ...ownTags };
  return { name, meaning: text, tags, requiredTags: [], fields, origin: 'agent' };
}

/** A catalogue small enough to be read beside a test. */
export const TEST_CATALOGUE: Catalogue = new Map(
  [
    measurement('cpu', { usage_active: percent, usage_steal: percent }),
    measurement('system', {
      load1: { type: 'float', unit: '1', min: 0, meaning: text },
      n_cpus: { type: 'int', unit: '1', min: 1, meaning: text },
    }),
    measurement(
      'interface',
      {
        oper_status: { type: 'int', unit: '', meaning: text },
        admin_status: { type: 'int', unit: '', meaning: text },
        alias: { type: 'string', unit: '', meaning: text },
      },
      { interface: text },
    ),
    measurement('device', { reachable: { type: 'bool', unit: '', meaning: text } }),
  ].map((entry) => [entry.name, entry]),
);

/** A rule file with everything it needs; `changes` replaces parts of it. */
export function ruleFile(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    kind: 'threshold',
    name: { en: 'CPU busy', vi: 'CPU bận' },
    action: { en: 'Look at the busiest processes.', vi: 'Xem tiến trình bận nhất.' },
    eventType: 'quality_of_service',
    probableCause: 'cpu_cycles_limit_exceeded',
    measurement: 'cpu',
    field: 'usage_active',
    entity: ['host'],
    op: 'above',
    levels: [{ severity: 'minor', raise: 90, clear: 85 }],
    for: '5m',
    clearFor: '5m',
    ...changes,
  };
}

export function absenceFile(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { name, action } = ruleFile();
  return {
    kind: 'absence',
    name,
    action,
    eventType: 'communications',
    probableCause: 'communications_subsystem_failure',
    levels: [{ severity: 'major', raise: 3, clear: 2 }],
    for: '0s',
    clearFor: '10s',
    ...changes,
  };
}

export function ruleOf(
  id: string,
  content: Record<string, unknown>,
  kinds: readonly RuleKind[] = ruleKinds,
): AlertRule {
  return createRule({ id, source: id, content }, TEST_CATALOGUE, kinds);
}

export interface BatchOf {
  /** False: the inventory lacks the devices. */
  readonly isExpected?: boolean;
  /** Where its series come from; without it each row has one of its own. */
  readonly pool?: SeriesPool;
  readonly agent?: string;
  readonly seq?: number;
  readonly measurement?: string;
  readonly tags?: readonly string[];
  readonly fields?: readonly string[];
  readonly rows: readonly {
    readonly tags: readonly (string | undefined)[];
    readonly timeMs: number;
    readonly values: readonly (FieldValue | undefined)[];
  }[];
}

export function batchOf(options: BatchOf): SampleBatch {
  const { agent = 'agent-1', seq = 1, measurement: name = 'cpu', rows } = options;
  const { tags = ['host'], fields = ['usage_active'], isExpected = true, pool = new SeriesPool() } = options;
  const sampleRows = rows.map(({ tags: values, ...row }) => ({
    ...row,
    series: pool.of(name, values, isExpected),
  }));
  return {
    agent,
    epoch: 'epoch001',
    seq,
    tables: [{ measurement: name, tags, fields, rows: sampleRows }],
  };
}

export function liveContext(receivedAtMs: number): BatchContext {
  return { receivedAtMs, sentAtMs: receivedAtMs, backfill: false };
}
