import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedBroker, type EmbeddedBroker } from '../../../central/mqtt/broker/embedded-broker.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { BrokerLoad } from './broker-load.ts';
import { readFrame, varint, WireClient } from './mqtt-wire.ts';

describe('the load on a broker', () => {
  let broker: EmbeddedBroker;
  let seen: number;

  beforeEach(async () => {
    broker = createEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      authenticate: (user) => (user === 'stranger' ? undefined : user === 'central' ? 'central' : 'agent'),
      clock: systemClock,
      log: silentLogger,
    });
    seen = 0;
    broker.onMessage(() => seen++);
    await broker.start(new AbortController().signal);
  });

  afterEach(() => broker.stop());

  it('arrives complete at the subscriber and at the broker', async () => {
    const load = await BrokerLoad.open(broker.port);

    await load.run(0.1);
    load.close();

    expect(load.received).toBeGreaterThan(0);
    expect(seen).toBe(load.received);
    expect(broker.stats().refused).toMatchObject({ protocol: 0, publish: 0, subscribe: 0 });
  });

  it('rejects when the broker refuses the connection', async () => {
    await expect(WireClient.open(broker.port, 'stranger')).rejects.toThrow('refused stranger with code 4');
  });
});

it('splits frames, and waits for the rest of an incomplete one', () => {
  const body = Buffer.alloc(300, 7);
  const bytes = Buffer.concat([Buffer.from([0x32, ...varint(body.length)]), body, Buffer.from([0x40])]);

  expect(readFrame(bytes)).toEqual({ head: 0x32, body, end: 303 });
  for (const length of [0, 1, 2, 302]) expect(readFrame(bytes.subarray(0, length))).toBeUndefined();
});
