import { FrameScanner } from '../../runtime/mqtt/frame-scanner.ts';

/** Far above what central sends to an agent. */
const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Cuts what arrives on one connection into whole MQTT packets (MQTT 3.1.1, section 2.2). Only the beginning of a packet
 * whose end has not arrived is kept, so that thousands of connections can share one buffer to read into.
 */
export class FrameSplitter {
  readonly #frames = new FrameScanner({ maxBytes: () => MAX_FRAME_BYTES });
  #begun: Buffer[] = [];

  /** The whole packets up to here, perhaps none, valid until the next read; throws on a packet that is too large. */
  push(chunk: Buffer): Buffer | undefined {
    const problem = this.#frames.scan(chunk);
    if (problem !== undefined) throw new Error(`invalid packet from the broker: ${problem}`);
    const wholeBytes = Math.max(0, chunk.length - this.#frames.openBytes);
    if (wholeBytes === 0) {
      this.#begun.push(Buffer.from(chunk));
      return undefined;
    }
    const whole =
      this.#begun.length === 0
        ? chunk.subarray(0, wholeBytes)
        : Buffer.concat([...this.#begun, chunk.subarray(0, wholeBytes)]);
    this.#begun = wholeBytes === chunk.length ? [] : [Buffer.from(chunk.subarray(wholeBytes))];
    return whole;
  }
}
