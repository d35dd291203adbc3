import { addressPrefix } from '../../../runtime/address-prefix.ts';
import { BackOffLog } from '../../../runtime/back-off-log.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { BrokerRefusal } from './refusal.ts';

/** Counts what the broker refused and whom it slowed down, and names them in the log now and then. */
export class RefusalBook {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #log: Logger;
  /** Apart, so that a flood of strangers hides no line about an agent. */
  readonly #strangers: BackOffLog;
  readonly #clients: BackOffLog;
  readonly #refused = { connection: 0, protocol: 0, authentication: 0, publish: 0, subscribe: 0 };
  #heldBack = 0;

  constructor({ clock, log }: { readonly clock: Pick<Clock, 'monotonicMs'>; readonly log: Logger }) {
    this.#clock = clock;
    this.#log = log;
    this.#strangers = new BackOffLog(clock.monotonicMs());
    this.#clients = new BackOffLog(clock.monotonicMs());
  }

  /** Since the start. */
  get counts(): {
    readonly refused: Readonly<Record<BrokerRefusal['kind'], number>>;
    readonly heldBack: number;
  } {
    return { refused: { ...this.#refused }, heldBack: this.#heldBack };
  }

  refused(refusal: BrokerRefusal): void {
    const { client, address = 'unknown', kind } = refusal;
    this.#refused[kind]++;
    const nowMs = this.#clock.monotonicMs();
    const count =
      client === undefined
        ? this.#strangers.count(`${kind} ${addressPrefix(address)}`, nowMs)
        : this.#clients.count(`${kind} ${client}`, nowMs);
    if (count === undefined) return;
    const whose = client === undefined ? 'of this address' : 'of this client';
    this.#log.warn({ refusal, count }, `mqtt broker refused this; no. ${count} of its kind ${whose}`);
  }

  heldBack(client: string): void {
    this.#heldBack++;
    const count = this.#clients.count(`held back ${client}`, this.#clock.monotonicMs());
    if (count !== undefined)
      this.#log.warn({ client, count }, 'mqtt client sends too much: it is read more slowly');
  }
}
