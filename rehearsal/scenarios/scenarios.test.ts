import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { loadScenarios, scenarioNames, SCENARIOS_DIRECTORY } from '../../simulators/load-scenarios.ts';
import { STAGED_KINDS, RECURRING_KINDS } from '../../simulators/staging/effects.ts';
import { textsHash, type CommittedCard } from './committed-card.ts';
import { runScenario, scenarioInventory } from './run-scenario.ts';
import { scoreScenario } from './score-scenario.ts';
import { yamlTexts } from './shipped-texts.ts';

const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).map(({ id }) => id);
const load = (names: readonly string[]) =>
  loadScenarios(names, { directory: SCENARIOS_DIRECTORY, rules, inventoryOf: scenarioInventory });
const card = JSON.parse(
  readFileSync(new URL('../score-card.json', import.meta.url), 'utf8'),
) as CommittedCard;

it('the shipped scenarios are valid, and each kind of fault happens in one of them', () => {
  const scenarios = load(scenarioNames(SCENARIOS_DIRECTORY));
  expect(scenarios.length).toBeGreaterThanOrEqual(60);
  const kinds = new Set(scenarios.flatMap(({ happens }) => happens.map(({ fault }) => fault)));
  for (const kind of [...STAGED_KINDS, ...RECURRING_KINDS]) expect(kinds).toContain(kind);
});

it('the score card is of the rules and scenarios as they are: npm run rehearse -- --all', () => {
  expect(card.rules).toBe(textsHash(yamlTexts(SHIPPED_RULES_DIRECTORY)));
  const texts = yamlTexts(SCENARIOS_DIRECTORY);
  for (const [name, { text }] of Object.entries(card.scenarios))
    expect([name, text]).toEqual([name, textsHash(new Map([[name, texts.get(name) ?? '']]))]);
});

it('what the score card says meets its bars', () => {
  const { figures, scenarios } = card;
  expect(Object.keys(scenarios).length).toBeGreaterThanOrEqual(60);
  expect(figures.passed).toBe(figures.runs);
  expect(figures.recallPct).toBeGreaterThanOrEqual(99);
  expect(figures.rootExactPct).toBeGreaterThanOrEqual(98);
  expect(figures.pathGroundedPct).toBeGreaterThanOrEqual(95);
  expect(figures.falsePagesPct).toBeLessThan(2);
  const { falseResolves, orphans, suppressedMinutes } = figures;
  expect({ falseResolves, orphans, suppressedMinutes }).toEqual({
    ...{ falseResolves: 0, orphans: 0, suppressedMinutes: 0 },
  });
});

it('two quiet minutes of a ward are the same in each run, and nobody is told of anything', async () => {
  const [night] = load(['quiet-night']);
  const short = { ...night!, length: 120_000 };
  const [one, two] = [await runScenario(short, 1), await runScenario(short, 1)];
  expect(one.recorded.batches).toBeGreaterThan(60);
  expect(two.recorded).toEqual(one.recorded);
  expect(scoreScenario(one)).toMatchObject({ scenario: 'quiet-night', failures: [], alerts: 0, pages: 0 });
});
