import { DatagramListener } from '../../protocols/events/datagram-listener.ts';
import type { Openable } from '../open-listeners.ts';
import type { SyslogIntake } from './intake.ts';

/** One message a datagram (RFC 5426). */
export class SyslogUdpListener implements Openable {
  readonly name: string;
  readonly #listener: DatagramListener;

  constructor(config: { readonly address: string; readonly port: number }, intake: SyslogIntake) {
    this.name = `udp ${config.address} port ${config.port}`;
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

  open(): Promise<void> {
    return this.#listener.open();
  }

  close(): Promise<void> {
    return this.#listener.close();
  }
}
