import { connectAsync } from 'mqtt';
import { expect, it } from 'vitest';
import { agentTopic } from '../../contract/topics.ts';
import { AGENT, ConfigCity } from '../support/config-city.ts';
import { configStory, reach, SERVER } from '../support/config-story.ts';
import { describeWith } from '../support/parts.ts';

describeWith(['mosquitto'], 'config pushed by central, over Mosquitto', () => {
  const city = new ConfigCity('mosquitto');
  configStory(city);

  it('is passed over as rubbish or as known already, and the next good one is taken', async () => {
    const forger = await connectAsync(city.brokerUrl, {
      username: 'central',
      password: 'of central',
      clientId: 'forger',
    });
    const topic = agentTopic(AGENT, 'config');
    const before = city.logged('config from central').length;
    const old = { v: 1, revision: 1, config: { collectors: [{ kind: 'server' }] } };
    const rubbish = [
      'collectors: yes',
      Buffer.from([0, 255, 254, 1]),
      'x'.repeat(60_000),
      JSON.stringify({ v: 2, revision: 9, config: null }),
      JSON.stringify({ v: 1, revision: -1, config: null }),
      JSON.stringify({ v: 1, revision: 2 ** 60, config: null }),
      '[]',
      '',
      JSON.stringify(old),
    ];
    for (const payload of rubbish) await forger.publishAsync(topic, payload, { qos: 1, retain: true });
    await forger.endAsync();
    await city.push([SERVER, reach(city, 'node-3')]);
    await city.untilState({ state: 'trial', running: 3 });
    // The log comes by a pipe, and may come later than the state.
    await city.until(() => {
      expect(city.logged('message ignored')).not.toEqual([]);
      expect(city.logged('config from central').slice(before)).toMatchObject([{ revision: 3 }]);
      return Promise.resolve();
    });
    expect(city.logged('connected to the broker')).toHaveLength(1);
  });

  it('is lost with the broker, and published again', async () => {
    await city.mosquitto?.restart();
    await city.edge.end('SIGTERM');
    city.loseEdgeData();
    city.startEdge();
    await city.untilState({ state: 'trial', running: 3 });
  });
});
