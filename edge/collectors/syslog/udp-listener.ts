import { DatagramListener, DROPPED_BY_THE_SYSTEM } from '../../protocols/events/datagram-listener.ts';
import type { Openable } from '../open-listeners.ts';
import type { SyslogIntake } from './intake.ts';

/** One message a datagram (RFC 5426). */
export class SyslogUdpListener implements Openable {
  readonly name: string;
  readonly #listener: DatagramListener;
  readonly #intake: SyslogIntake;

  constructor(config: { readonly address: string; readonly port: number }, intake: SyslogIntake) {
    this.name = `udp ${config.address} port ${config.port}`;
    this.#intake = intake;
    this.#listener = new DatagramListener(config, {
      onMessage: (message, from) => {
        const device = intake.senderAt(from.address);
        if (device !== undefined) intake.receive(device, message);
      },
      onError: (error) => intake.refusals.add(`udp: ${error.message}`),
    });
  }

  get port(): number | undefined {
    return this.#listener.port;
  }

  async resume(): Promise<void> {
    const drops = await this.#listener.takeDrops();
    if (drops > 0) this.#intake.refusals.add(`${this.name}: ${DROPPED_BY_THE_SYSTEM}`, drops);
  }

  open(): Promise<void> {
    return this.#listener.open();
  }

  close(): Promise<void> {
    return this.#listener.close();
  }
}
