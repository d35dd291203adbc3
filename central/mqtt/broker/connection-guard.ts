import { FrameScanner } from '../../../runtime/mqtt/frame-scanner.ts';
import type { TokenBucket } from '../../../runtime/token-bucket.ts';
import { clientPacketProblem } from './client-packets.ts';

export interface GuardLimits {
  /** Largest packet of an authenticated client. */
  readonly maxFrameBytes: number;
  /** All that a connection may send before it is authenticated. */
  readonly maxUnprovenBytes: number;
}

/** An authenticated client, as its bytes are charged. */
export interface ProvenClient {
  readonly id: string;
  /** Bytes that it may send; undefined: as many as it likes. */
  readonly allowance: TokenBucket | undefined;
}

/** Any packet, however small, costs central about as much as this many bytes. */
const PACKET_COST_BYTES = 16 * 1024;

/** Checks the raw bytes of one client before the MQTT parser buffers them. */
export class ConnectionGuard {
  readonly #limits: GuardLimits;
  readonly #frames: FrameScanner;
  #proven: ProvenClient | undefined;
  #unprovenBytes = 0;
  /** Of what was scanned since the last charge. */
  #cost = 0;
  #isFirst = true;

  constructor(limits: GuardLimits) {
    this.#limits = limits;
    this.#frames = new FrameScanner({
      maxBytes: () => (this.#proven !== undefined ? limits.maxFrameBytes : limits.maxUnprovenBytes),
      checkHeader: (byte) => this.#checkHeader(byte),
    });
  }

  /** From now on the connection belongs to an authenticated client. */
  prove(client: ProvenClient): void {
    this.#proven = client;
  }

  /** Undefined before authentication. */
  get client(): string | undefined {
    return this.#proven?.id;
  }

  /** Charges the client for what was scanned; returns how long not to read from it, ms. */
  waitMs(nowMs: number): number {
    const cost = this.#cost;
    this.#cost = 0;
    return this.#proven?.allowance?.take(cost, nowMs) ?? 0;
  }

  /** Takes the next bytes off the wire; returns what is wrong with them, if anything. */
  scan(chunk: Buffer): string | undefined {
    this.#cost += chunk.length;
    if (this.#proven === undefined) {
      this.#unprovenBytes += chunk.length;
      if (this.#unprovenBytes > this.#limits.maxUnprovenBytes) return 'too many bytes before authentication';
    }
    return this.#frames.scan(chunk);
  }

  #checkHeader(byte: number): string | undefined {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    this.#cost += PACKET_COST_BYTES;
    return clientPacketProblem(byte, isFirst);
  }
}
