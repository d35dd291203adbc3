import { parser, writeToStream, type Packet, type Parser } from 'mqtt-packet';
import type { OnReadOpts } from 'node:net';
import type { Link, LinkOptions } from '../../edge/publisher/mqtt-link.ts';
import type { Clock } from '../../runtime/clock.ts';
import { FleetLink, type LinkTools } from './fleet-link.ts';

/** One read: acks are small, and what does not fit is read next. */
const READ_BUFFER_BYTES = 64 * 1024;
const SWEEP_MS = 5_000;

/**
 * The MQTT connections of a whole fleet, light enough for thousands in one process: they share one buffer to read into,
 * one parser and one timer. Each keeps what MQTT.js does for a real agent: its own login and will, QoS 1, keepalive.
 */
export class FleetLinks {
  readonly #clock: Clock;
  readonly #links = new Set<FleetLink>();
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  readonly #packets: Packet[] = [];
  #parser: Parser | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    // 65,536 prepared buffers are of no use.
    writeToStream.cacheNumbers = false;
  }

  /** Connected, with their subscriptions. */
  get readyCount(): number {
    let count = 0;
    for (const link of this.#links) if (link.isReady) count++;
    return count;
  }

  /** Starts to connect. */
  open(options: LinkOptions): Link {
    const link = new FleetLink(options, this.#tools);
    this.#links.add(link);
    this.#sweep ??= setInterval(() => this.#checkAll(), SWEEP_MS);
    void link.open();
    return link;
  }

  readonly #tools: LinkTools = {
    nowMs: () => this.#clock.monotonicMs(),
    onread: (take): OnReadOpts => ({
      buffer: this.#readBuffer,
      callback: (bytes, buffer) => {
        take(Buffer.from(buffer.buffer, buffer.byteOffset, bytes));
        return true;
      },
    }),
    parse: (whole) => this.#parse(whole),
    ended: (link) => {
      this.#links.delete(link);
      if (this.#links.size > 0) return;
      clearInterval(this.#sweep);
      this.#sweep = undefined;
    },
  };

  /** Only whole packets, so that nothing of one connection is left for the next. */
  #parse(whole: Buffer): readonly Packet[] {
    const one = (this.#parser ??= this.#newParser());
    this.#packets.length = 0;
    try {
      one.parse(whole);
    } catch (error) {
      this.#parser = undefined;
      throw error;
    }
    return this.#packets.splice(0);
  }

  #newParser(): Parser {
    const made = parser({ protocolVersion: 4 });
    made.on('packet', (packet) => this.#packets.push(packet));
    made.on('error', (error: Error) => {
      throw error;
    });
    return made;
  }

  #checkAll(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const link of this.#links) link.check(nowMs, SWEEP_MS);
  }
}
