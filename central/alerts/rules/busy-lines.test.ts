import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { KindHarness } from '../testing/kind-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from './load-rules.ts';

const LINE = { device: 'bb-1', probe: 'icmp', target: 'core', line: 'bb-1' };
const PORT = { device: 'n-1', interface: 'ge-0/0/1' };
const CASES = [
  ['line_full', { measurement: 'path', tags: LINE }, 'utilization_pct'],
  ['port_full_in', { measurement: 'interface', tags: PORT }, 'in_utilization_pct'],
  ['port_full_out', { measurement: 'interface', tags: PORT }, 'out_utilization_pct'],
] as const;
const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
});
afterEach(() => harness.end());

it.each(CASES)(
  '%s: a morning of the office at 97 %% is minor, which pages nobody; what lasts is major',
  (id, row, field) => {
    harness.start(shipped.filter((rule) => rule.id === id));
    const send = (fromMinute: number, toMinute: number, percent: number): void => {
      for (let minute = fromMinute; minute < toMinute; minute++)
        harness.send(minute * 60, { ...row, fields: { [field]: percent } });
    };
    const severities = (): string[] => harness.engine.active().map(({ severity }) => severity);
    send(0, 4 * 60, 97);
    expect(severities()).toEqual(['minor']);
    send(4 * 60, 5 * 60, 60);
    expect(severities()).toEqual([]);
    send(5 * 60, 11 * 60 + 1, 97);
    expect(severities()).toEqual(['major']);
  },
);
