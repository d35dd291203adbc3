import { expect, it } from 'vitest';
import { telegrafConfig } from './telegraf-config.ts';

const SERVERS = { brokerUrl: 'tcp://127.0.0.1:1', influxUrl: 'http://127.0.0.1:2' };

it('keeps what it subscribes to until it is written, adds no tags, and leaves the rest to defaults', () => {
  const keys = telegrafConfig(SERVERS).match(/^ {2}\w+ = .*$/gm);

  expect(keys?.map((line) => line.trim())).toEqual([
    'omit_hostname = true',
    'servers = ["tcp://127.0.0.1:1"]',
    'topics = ["telegraf/#"]',
    'topic_tag = ""',
    'qos = 1',
    'persistent_session = true',
    'client_id = "telegraf"',
    'data_format = "influx"',
    'urls = ["http://127.0.0.1:2"]',
    'database = "telegraf"',
  ]);
});

it('has room for a flood where that is told', () => {
  expect(telegrafConfig({ ...SERVERS, metricBufferLimit: 50_000 })).toContain(
    '\n  metric_buffer_limit = 50000\n',
  );
});
