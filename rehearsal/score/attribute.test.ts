import { expect, it } from 'vitest';
import { buildInventory } from '../../simulators/city/build-inventory.ts';
import { createCityMap } from '../truth/city-map.ts';
import type { Trouble } from '../truth/trouble.ts';
import { Attribution, type AlertFact } from './attribute.ts';

const MINUTE_MS = 60_000;
const SERVER = 'sv-dc1-0001';
const lost: Trouble = {
  ...{ fault: undefined, kind: 'server_lost', fromMs: 12 * MINUTE_MS, toMs: 32 * MINUTE_MS },
  ...{ roots: new Set([`agent:${SERVER}`]), reach: new Set([`agent:${SERVER}`, `device:${SERVER}`]) },
  ...{ symptoms: ['agent_silent', 'cpu_busy'], aftermathMs: 0, due: undefined },
};
const attribution = new Attribution([lost], createCityMap(buildInventory({ seed: 1, unitCount: 1 })));

function causes(rule: string, times: Pick<AlertFact, 'startedAtMs' | 'firedAtMs'>): readonly string[] {
  const alert = { id: 'a', rule, entity: { agent: SERVER }, agent: SERVER, ...times };
  return attribution.causesOf(alert).map(({ kind }) => kind);
}

it('a server that sends each minute is silent since its last batch, which is up to a minute before it was lost', () => {
  const [startedAtMs, firedAtMs] = [11.09 * MINUTE_MS, 14.1 * MINUTE_MS];
  expect(causes('agent_silent', { startedAtMs, firedAtMs })).toEqual(['server_lost']);
  // What is measured began before it, and what fired before it knew nothing of it.
  expect(causes('cpu_busy', { startedAtMs, firedAtMs })).toEqual([]);
  expect(causes('agent_silent', { startedAtMs, firedAtMs: 11.9 * MINUTE_MS })).toEqual([]);
  expect(causes('agent_silent', { startedAtMs: 10 * MINUTE_MS, firedAtMs })).toEqual([]);
});
