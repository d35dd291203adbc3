import type { Flow } from '../../contract/ack.ts';
import type { ClockOffset } from './central-clock.ts';

/** Counters since the publisher was created. */
export interface PublisherStatus {
  readonly connected: boolean;
  /** Successful connections. */
  readonly connects: number;
  /** Batches sent, neither answered nor overdue. */
  readonly inFlight: number;
  readonly flowMode: Flow['mode'];
  /** Batches published again because no ack came in time. */
  readonly resends: number;
  /** Batches that central answered, refused ones among them. */
  readonly acked: number;
  /** Batches refused in part or whole. */
  readonly refused: number;
  /** Batches set aside because central never answered them. */
  readonly stuck: number;
  /** Invalid messages. */
  readonly ignored: number;
  /** From a batch's last send to its ack; p50: of the last 32 batches. */
  readonly ackLatencyMs: { readonly last: number | undefined; readonly p50: number | undefined };
  /** Unix time, ms. */
  readonly lastAckAtMs: number | undefined;
  /** Central says that another agent uses this id. */
  readonly hasTwin: boolean;
  /** Against central's clock; undefined: not measured lately. */
  readonly clockOffset: ClockOffset | undefined;
  /** How long it has been connected with batches waiting and nothing acknowledged; undefined: not connected. */
  readonly silenceMs: number | undefined;
}
