import { expect, it } from 'vitest';
import { linesOf, type BacktestLine } from './backtest-lines.ts';

it('reads lines that come in pieces', async () => {
  const text =
    '{"progress":{"done":0.5,"values":1,"alerts":0}}\n{"error":{"code":"STOPPING","detail":"đang dừng"}}\n';
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const lines: BacktestLine[] = [];
  for await (const line of linesOf(body)) lines.push(line);
  expect(lines).toEqual([
    { progress: { done: 0.5, values: 1, alerts: 0 } },
    { error: { code: 'STOPPING', detail: 'đang dừng' } },
  ]);
});
