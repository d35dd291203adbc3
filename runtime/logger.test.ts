import { pino } from 'pino';
import { expect, it } from 'vitest';
import { visibleStream } from './logger.ts';

it.each([
  ['ESC', '\u001b[2J'],
  ['8-bit controls', '\u009b31m\u0085'],
  ['reversed text', 'gw\u202e1\u2066'],
  ['line and paragraph separators', 'ok\u2028FAIL\u2029'],
  ['line breaks', 'ok\r\nFAIL'],
  ['what is not seen', 'gw\u200b\u{e0041}'],
  ['half a character', 'a\ud800b'],
])('a log line shows what an agent sends and does nothing else: %s', (_what, text) => {
  const lines: string[] = [];
  const log = pino({}, visibleStream({ write: (line) => lines.push(line) }));
  log.warn({ agent: text, [text]: 1, err: new Error(text) }, `from ${text}`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
  expect(lines[0]?.trimEnd()).not.toContain('\n');
  const line = JSON.parse(lines[0] ?? '') as { agent: string; msg: string };
  // Pino writes half a character as a replacement by itself.
  if (text !== 'a\ud800b') expect(line).toMatchObject({ agent: text, msg: `from ${text}` });
});

it('a log line keeps Vietnamese as it is', () => {
  const lines: string[] = [];
  pino({}, visibleStream({ write: (line) => lines.push(line) })).warn('Phường Bến Nghé');
  expect(lines[0]).toContain('Phường Bến Nghé');
});
