import { FrameScanner } from '../../../runtime/mqtt/frame-scanner.ts';
import { clientPacketProblem } from './client-packets.ts';

export interface ConnectionLimits {
  /** Largest packet of an authenticated client. */
  readonly maxFrameBytes: number;
  /** All that a connection may send before it is authenticated. */
  readonly maxUnprovenBytes: number;
}

/** Checks the raw bytes of one client before the MQTT parser buffers them. */
export class ConnectionGuard {
  readonly #limits: ConnectionLimits;
  readonly #frames: FrameScanner;
  #isProven = false;
  #unprovenBytes = 0;
  #isFirst = true;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#frames = new FrameScanner({
      maxBytes: () => (this.#isProven ? limits.maxFrameBytes : limits.maxUnprovenBytes),
      checkHeader: (byte) => this.#checkHeader(byte),
    });
  }

  /** From now on the connection belongs to an authenticated client. */
  prove(): void {
    this.#isProven = true;
  }

  /** Takes the next bytes off the wire; returns what is wrong with them, if anything. */
  scan(chunk: Buffer): string | undefined {
    if (!this.#isProven) {
      this.#unprovenBytes += chunk.length;
      if (this.#unprovenBytes > this.#limits.maxUnprovenBytes) return 'too many bytes before authentication';
    }
    return this.#frames.scan(chunk);
  }

  #checkHeader(byte: number): string | undefined {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return clientPacketProblem(byte, isFirst);
  }
}
