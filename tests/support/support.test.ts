import { existsSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { expect, it } from 'vitest';
import { startInflux } from './influx.ts';
import { startMosquitto } from './mosquitto.ts';
import { describeWith } from './parts.ts';

describeWith(['influxd'], 'an InfluxDB for tests', () => {
  it('keeps port and data over a kill, and deletes its files at the end', async () => {
    const influx = await startInflux();
    const query = async (text: string): Promise<string> => {
      const answer = await fetch(`${influx.url}/query?q=${encodeURIComponent(text)}`, { method: 'POST' });
      return answer.text();
    };
    await query('CREATE DATABASE kept');
    const firstPid = influx.pid;
    await influx.kill('SIGKILL');
    await expect(query('SHOW DATABASES')).rejects.toThrow();
    await influx.restart();
    expect(influx.pid).not.toBe(firstPid);
    expect(await query('SHOW DATABASES')).toContain('kept');
    await influx.stop();
    expect(existsSync(influx.dataDirectory)).toBe(false);
    expect(() => process.kill(firstPid, 0)).toThrow();
  });
});

describeWith(['mosquitto'], 'a Mosquitto for tests', () => {
  it('requires passwords when it has users', async () => {
    const broker = await startMosquitto({ users: { 'gw-1': 'secret' }, acl: ['pattern write up/%u'] });
    try {
      const options = { reconnectPeriod: 0, protocolVersion: 5 } as const;
      await expect(connectAsync(broker.url, options)).rejects.toThrow(/not authorized/i);
      const client = await connectAsync(broker.url, { ...options, username: 'gw-1', password: 'secret' });
      await client.publishAsync('up/gw-1', 'fine', { qos: 1 });
      await expect(client.publishAsync('up/gw-2', 'not mine', { qos: 1 })).rejects.toThrow(/not authorized/i);
      client.end(true);
    } finally {
      await broker.stop();
    }
  });

  it('restarts on the same port', async () => {
    const broker = await startMosquitto();
    try {
      await broker.restart();
      const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
      client.end(true);
    } finally {
      await broker.stop();
    }
  });
});
