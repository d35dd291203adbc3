import type { BusMessage } from '../../mqtt/bus.ts';

/** Another protocol on the bus: an adapter turns its messages into samples for a `SampleIntake`. */
export interface ProtocolAdapter {
  /** What it subscribes to; must not overlap with other filters. */
  readonly filters: readonly string[];
  /** Handles one message; an error it throws is counted and logged. */
  receive(message: BusMessage): void;
  /** Called each second. */
  tick(nowMs: number): void;
  /** The bus is connected again: messages published in between were not received. */
  onConnected(): void;
  /** Central stops: hands over now what the adapter still holds. */
  flush(): void;
}
