import { DatagramListener, DROPPED_BY_THE_SYSTEM } from '../../protocols/events/datagram-listener.ts';
import { NANOSECONDS, type Intake, type Listener } from './intake.ts';
import { parseLines } from './parse-lines.ts';

/** Line protocol in datagrams, without acknowledgement: samples that do not fit into the buffer are lost and counted. */
export class UdpListener implements Listener {
  readonly name: string;
  readonly #intake: Intake;
  readonly #listener: DatagramListener;

  constructor(config: { readonly address: string; readonly port: number }, intake: Intake) {
    this.name = `udp ${config.address} port ${config.port}`;
    this.#intake = intake;
    this.#listener = new DatagramListener(config, {
      onMessage: (message) => this.#receive(message),
      onError: (error) => intake.refusals.add(`udp: ${error.message}`),
    });
  }

  /** The actual port, once it is open. */
  get port(): number | undefined {
    return this.#listener.port;
  }

  async countDrops(): Promise<void> {
    const drops = await this.#listener.takeDrops();
    if (drops > 0) this.#intake.refusals.add(`udp: ${DROPPED_BY_THE_SYSTEM}`, drops);
  }

  open(): Promise<void> {
    return this.#listener.open();
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  #receive(message: Buffer): void {
    const samples = this.#intake.translate(parseLines(message), NANOSECONDS);
    if (samples.length === 0) return;
    const { pushed, refusals } = this.#intake;
    if (pushed.hasRoomFor(samples.length, message.length)) pushed.addUnconfirmed(samples, message.length);
    else refusals.add('udp: lost, because the buffer is full', samples.length);
  }
}
