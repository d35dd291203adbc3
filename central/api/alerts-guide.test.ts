import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

const GUIDE = join(import.meta.dirname, '../../docs/alerts.md');
const COMMAND = /^api (GET|POST|PUT|DELETE) ('[^']*'|\S+)(?: '([^]*?)')?$/gm;
const UNIT_MS: Readonly<Record<string, number>> = { hour: 3_600_000, hours: 3_600_000, days: 86_400_000 };

it('every command of the guide on what people do with alerts works', async () => {
  const harness = await ApiHarness.open();
  await harness.advance(2_000);
  const { json } = await harness.call('GET', '/api/v1/alerts?rule=room_smoke');
  const [alert] = json['items'] as { id: string }[];
  const nowMs = harness.parts.clock.now();
  const expanded = readFileSync(GUIDE, 'utf8')
    .replaceAll(/'\$\(soon (\d+) (\w+)\)'/g, (_, count, unit: string) =>
      String(nowMs + Number(count) * (UNIT_MS[unit] ?? NaN)),
    )
    .replaceAll(/'\$ID'|\$ID/g, alert?.id ?? '');
  const commands = [...expanded.matchAll(COMMAND)];
  expect(commands.length).toBeGreaterThanOrEqual(19);
  expect(commands).toHaveLength([...expanded.matchAll(/^api [A-Z]/gm)].length);
  for (const [line, method = '', path = '', payload] of commands) {
    const url = `/api/v1${path.replaceAll("'", '')}`;
    const token = harness.tokens.operator;
    const answer = await harness.call(method, url, { token, ...(payload !== undefined && { payload }) });
    expect(answer.status, `${line}\n${answer.text}`).toBeLessThan(300);
  }
  expect(await harness.close()).toEqual([]);
});
