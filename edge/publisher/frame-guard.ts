/** Far above what central sends: what is merely too large for us is read and ignored, this ends the connection. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Follows the packet boundaries of what a broker sends (MQTT 3.1.1, section 2.2) without keeping a byte: MQTT.js would
 * gather a packet of up to 256 MB in memory before anybody could refuse it.
 */
export class FrameGuard {
  #bodyLeft = 0;
  #inLength = false;
  #length = 0;
  #multiplier = 1;
  readonly #maxBytes: number;

  constructor(maxBytes = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** The next bytes off the wire; false once a packet announces more than it may have. */
  accepts(chunk: Buffer): boolean {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - offset);
        this.#bodyLeft -= step;
        offset += step;
      } else if (!this.#inLength) {
        offset++;
        this.#inLength = true;
        this.#length = 0;
        this.#multiplier = 1;
      } else if (!this.#lengthByte(chunk[offset++] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  #lengthByte(byte: number): boolean {
    this.#length += (byte & 0x7f) * this.#multiplier;
    this.#multiplier *= 128;
    if (this.#length > this.#maxBytes || this.#multiplier > 128 ** 4) return false;
    if ((byte & 0x80) === 0) {
      this.#inLength = false;
      this.#bodyLeft = this.#length;
    }
    return true;
  }
}
