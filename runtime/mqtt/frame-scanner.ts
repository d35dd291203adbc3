export interface FrameScannerOptions {
  /** Largest packet that may be announced at this moment, bytes. */
  readonly maxBytes: () => number;
  /** What is wrong with the first byte of a packet (type and flags), if anything. */
  readonly checkHeader?: (byte: number) => string | undefined;
}

/**
 * Follows the packet boundaries of one connection (MQTT 3.1.1, section 2.2) without buffering, so that a packet that
 * announces too much is refused at its header. Libraries buffer a packet of up to 256 MB before anything can refuse it.
 */
export class FrameScanner {
  readonly #options: FrameScannerOptions;
  #bodyLeft = 0;
  #inLength = false;
  #length = 0;
  #multiplier = 1;
  #openBytes = 0;

  constructor(options: FrameScannerOptions) {
    this.#options = options;
  }

  /** How much of a packet whose end has not come yet was scanned, bytes. */
  get openBytes(): number {
    return this.#openBytes;
  }

  /** Takes the next bytes off the wire; returns what is wrong with them, if anything. */
  scan(chunk: Buffer): string | undefined {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - offset);
        this.#bodyLeft -= step;
        offset += step;
        this.#openBytes = this.#bodyLeft === 0 ? 0 : this.#openBytes + step;
        continue;
      }
      const byte = chunk[offset++] ?? 0;
      const problem = this.#inLength ? this.#scanLength(byte) : this.#scanHeader(byte);
      if (problem !== undefined) return problem;
      // A packet may be a header alone.
      this.#openBytes = this.#inLength || this.#bodyLeft > 0 ? this.#openBytes + 1 : 0;
    }
    return undefined;
  }

  #scanHeader(byte: number): string | undefined {
    this.#inLength = true;
    this.#length = 0;
    this.#multiplier = 1;
    return this.#options.checkHeader?.(byte);
  }

  #scanLength(byte: number): string | undefined {
    this.#length += (byte & 0x7f) * this.#multiplier;
    this.#multiplier *= 128;
    const maxBytes = this.#options.maxBytes();
    if (this.#length > maxBytes) return `packet is larger than ${maxBytes} bytes`;
    if ((byte & 0x80) === 0) {
      this.#inLength = false;
      this.#bodyLeft = this.#length;
    } else if (this.#multiplier > 128 ** 3) {
      return 'packet length is not a number of at most 4 bytes';
    }
    return undefined;
  }
}
