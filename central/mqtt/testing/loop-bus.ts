import { FakeBus } from './fake-bus.ts';

/** A fake bus that is a broker as well: what central publishes for an agent's topic comes back to it. */
export class LoopBus extends FakeBus {
  /** False: messages are lost on the way. */
  delivers = true;

  override async publish(
    topic: string,
    payload: Buffer | string,
    options: { qos: 0 | 1; retain: boolean },
  ): Promise<void> {
    await super.publish(topic, payload, options);
    if (this.delivers && topic.endsWith('/up')) this.receive(topic, payload);
  }
}
