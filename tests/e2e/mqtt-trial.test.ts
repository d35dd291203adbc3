import { connectAsync } from 'mqtt';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { environmentKind } from '../../edge/collectors/environment/environment.ts';
import { telegrafKind } from '../../edge/collectors/telegraf/telegraf.ts';
import { systemClock } from '../../runtime/clock.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';

const CLIENT_ID = 'ward-1';

describeWith(['mosquitto'], 'a trial beside an agent that runs', () => {
  let mosquitto: MosquittoServer;
  beforeEach(async () => {
    mosquitto = await startMosquitto();
  });
  afterEach(() => mosquitto.stop());

  it.each([
    {
      kind: telegrafKind,
      topic: 'telegraf/a',
      payload: `mem total=1i ${Date.now()}000000`,
      more: { topics: ['telegraf/#'] },
    },
    {
      kind: environmentKind,
      topic: 'zigbee2mqtt/door',
      payload: '{"contact":false}',
      more: { sensors: [{ mapping: 'zigbee2mqtt' }] },
    },
  ])(
    'hears the same over $kind.kind, and leaves the agent its connection',
    async ({ kind, topic, payload, more }) => {
      const agent = await connectAsync(mosquitto.url, {
        clientId: CLIENT_ID,
        clean: false,
        reconnectPeriod: 0,
      });
      let wasClosed = false;
      agent.on('close', () => (wasClosed = true));
      await agent.publishAsync(topic, payload, { qos: 1, retain: true });
      const config: unknown = { mqtt: { broker: { url: mosquitto.url }, clientId: CLIENT_ID, ...more } };
      const deps = {
        clock: systemClock,
        log: pino({ level: 'silent' }),
        commonTags: { host: 'gw-1' },
        isTrial: true,
      };
      const collector =
        kind === telegrafKind
          ? telegrafKind.create(telegrafKind.configSchema.parse(config), deps)
          : environmentKind.create(environmentKind.configSchema.parse(config), deps);
      const { samples } = await collector.collect(AbortSignal.timeout(10_000));
      await collector.close();
      expect({ samples: samples.length, wasClosed }).toEqual({ samples: 1, wasClosed: false });
      await agent.endAsync();
    },
  );
});
