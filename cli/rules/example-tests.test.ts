import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readRuleTests } from '../../central/alerts/replay/rule-test-file.ts';
import { runRuleTest } from '../../central/alerts/replay/run-rule-test.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { readConfigFile } from '../../runtime/config.ts';
import { readRuleFiles } from './rule-files.ts';

const DIRECTORY = fileURLToPath(new URL('../../examples/rule-tests', import.meta.url));
const context = { catalogue: CATALOGUE, rules: readRuleFiles({}) };

it.each(readdirSync(DIRECTORY))('examples/rule-tests/%s passes, as its first line promises', (name) => {
  const file = join(DIRECTORY, name);
  const results = readRuleTests(file, readConfigFile(file), context).map((test) =>
    runRuleTest(test, context),
  );
  expect(results).not.toEqual([]);
  for (const result of results) expect(result).toMatchObject({ refusals: [], missing: [], unexpected: [] });
});
