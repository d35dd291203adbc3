/** Packet types a client may send (MQTT 3.1.1, table 2.1) → flag bits it must carry; undefined: free (PUBLISH). */
const CLIENT_PACKETS: ReadonlyMap<number, number | undefined> = new Map([
  [1, 0],
  [3, undefined],
  [4, 0],
  [5, 0],
  [6, 2],
  [7, 0],
  [8, 2],
  [10, 2],
  [12, 0],
  [14, 0],
]);
const CONNECT = 1;
const PUBLISH = 3;

export interface FrameLimits {
  /** Largest packet of a client that has proved who it is. */
  readonly maxFrameBytes: number;
  /** All that a connection may send before it has proved who it is. */
  readonly maxUnprovenBytes: number;
}

/**
 * Follows the packet boundaries of one connection (MQTT 3.1.1, section 2.2) without keeping a byte, so that a header
 * that announces too much is refused before anything is buffered.
 */
export class FrameScanner {
  readonly #limits: FrameLimits;
  #proven = false;
  #unprovenBytes = 0;
  #frames = 0;
  #bodyLeft = 0;
  #inLength = false;
  #length = 0;
  #multiplier = 1;

  constructor(limits: FrameLimits) {
    this.#limits = limits;
  }

  /** From now on the connection belongs to a known client. */
  prove(): void {
    this.#proven = true;
  }

  /** The next bytes off the wire; returns what is wrong with them, if anything. */
  scan(chunk: Buffer): string | undefined {
    if (!this.#proven) {
      this.#unprovenBytes += chunk.length;
      if (this.#unprovenBytes > this.#limits.maxUnprovenBytes) return 'too many bytes before authentication';
    }
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - offset);
        this.#bodyLeft -= step;
        offset += step;
        continue;
      }
      const byte = chunk[offset++] ?? 0;
      const problem = this.#inLength ? this.#lengthByte(byte) : this.#headerByte(byte);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #headerByte(byte: number): string | undefined {
    const type = byte >> 4;
    if (this.#frames++ === 0 && type !== CONNECT) return 'first packet is not CONNECT';
    if (!CLIENT_PACKETS.has(type)) return `packet type ${type} is not a client's`;
    const flags = CLIENT_PACKETS.get(type);
    if (flags !== undefined && (byte & 0x0f) !== flags) return `packet type ${type} has wrong flags`;
    if (type === PUBLISH && (byte & 0x06) === 0x06) return 'QoS 3 does not exist';
    this.#inLength = true;
    this.#length = 0;
    this.#multiplier = 1;
    return undefined;
  }

  #lengthByte(byte: number): string | undefined {
    this.#length += (byte & 0x7f) * this.#multiplier;
    this.#multiplier *= 128;
    const max = this.#proven ? this.#limits.maxFrameBytes : this.#limits.maxUnprovenBytes;
    if (this.#length > max) return `packet is larger than ${max} bytes`;
    if ((byte & 0x80) === 0) {
      this.#inLength = false;
      this.#bodyLeft = this.#length;
    } else if (this.#multiplier > 128 ** 3) {
      return 'packet length is not a number of at most 4 bytes';
    }
    return undefined;
  }
}
