import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeBatch, encodeSamples } from '../../contract/codec.ts';
import { decodeBatchPayload } from './decode-batch.ts';
import { decodeLines } from './decode-lines.ts';
import { decodeTelegrafJson } from './decode-telegraf-json.ts';

const NOW = 1_800_000_000_000;

describe('a batch', () => {
  const batch = (average: number | string): Buffer => {
    const fields = { average_response_ms: average, percent_packet_loss: 0 };
    const sample = { measurement: 'ping', tags: { device: 'n-1' }, fields, timeMs: NOW - 5 };
    const header = { epoch: 'abcdefgh', seq: 1, lowest: 1, sentAtMs: NOW, backfill: false };
    return encodeBatch(header, encodeSamples([sample]).bodies[0]?.bytes ?? Buffer.alloc(0));
  };

  it('is shown as central validates it', () => {
    expect(decodeBatchPayload(batch(12.5), NOW)).toEqual({
      samples: [
        {
          measurement: 'ping',
          tags: { agent: 'agent', device: 'n-1' },
          fields: { average_response_ms: 12.5, percent_packet_loss: 0 },
          timeMs: NOW - 5,
        },
      ],
      refusals: [],
    });
  });

  it('names the refused row and the reason', () => {
    const { samples, refusals } = decodeBatchPayload(batch('fast'), NOW);
    expect(samples).toEqual([]);
    expect(refusals).toMatchObject([{ where: 'row 0 (ping)' }]);
    expect(refusals[0]?.reason).toMatch(/^wrong-type: .*average_response_ms.*"fast"/);
  });

  it.each([['rubbish'], ['']])('that is %j is refused whole', (text) => {
    const { refusals } = decodeBatchPayload(Buffer.from(text), NOW);
    expect(refusals).toMatchObject([{ where: 'the payload' }]);
    expect(refusals[0]?.reason).toMatch(/^not-gzip: /);
  });
});

describe('line protocol', () => {
  it('decodes the good lines and names the bad ones', () => {
    const text = 'cpu,cpu=cpu0 usage_active=3 1800000000000000000\nmem used=\nnonsense x=1\n';
    const { samples, refusals } = decodeLines(Buffer.from(text), NOW);
    expect(samples).toEqual([
      { measurement: 'cpu', tags: { cpu: 'cpu0' }, fields: { usage_active: 3 }, timeMs: NOW },
    ]);
    expect(refusals.map(({ where }) => where)).toEqual(['line 2, byte 10', 'line 3']);
  });

  const examples = new URL('../../../shared/data/ingest/telegraf-tests.lp', import.meta.url);
  it.skipIf(!existsSync(examples))("from Telegraf's own tests can be decoded (needs ../shared/data)", () => {
    const { samples, refusals } = decodeLines(readFileSync(examples), NOW);
    expect(samples.length + refusals.length).toBeGreaterThan(0);
    expect(refusals.filter(({ where }) => where.includes('byte'))).toEqual([]);
  });
});

describe("Telegraf's JSON", () => {
  const metric = {
    name: 'mem',
    tags: { host: 'h' },
    fields: { used_percent: 41.5 },
    timestamp: 1_800_000_000,
  };
  const sample = {
    measurement: 'mem',
    tags: { host: 'h' },
    fields: { used_percent: 41.5 },
    timeMs: NOW,
  };

  it.each([
    ['one metric', JSON.stringify(metric)],
    ['a batch', JSON.stringify({ metrics: [metric] })],
    ['a list', JSON.stringify([metric])],
    ['a metric a line', `${JSON.stringify(metric)}\n`],
    ['times in ns', JSON.stringify({ ...metric, timestamp: 1_800_000_000_000_000_000 })],
  ])('is read from %s', (_what, text) => {
    expect(decodeTelegrafJson(Buffer.from(text), 0)).toEqual({ samples: [sample], refusals: [] });
  });

  it('names what it cannot read', () => {
    const text = `${JSON.stringify(metric)}\nno json\n{"name":"mem","fields":{"used_percent":{}}}\n`;
    const { samples, refusals } = decodeTelegrafJson(Buffer.from(text), 0);
    expect(samples).toEqual([sample]);
    expect(refusals.map(({ where }) => where)).toEqual(['line 2', 'metric 2']);
    expect(refusals[1]?.reason).toContain('fields.used_percent');
  });
});
