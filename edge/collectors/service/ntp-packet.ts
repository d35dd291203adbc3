/** Layout and meaning: RFC 5905, section 7.3. */
const PACKET_BYTES = 48;
const VERSION_4_CLIENT = 0x23;
const SERVER_MODE = 4;
const NOT_SYNCHRONISED = 3;
const MAX_STRATUM = 15;
const ORIGIN_AT = 24;
const RECEIVE_AT = 32;
const TRANSMIT_AT = 40;
/** From 1900 to 1970. */
const UNIX_EPOCH_S = 2_208_988_800;
const ERA_MS = 2 ** 32 * 1_000;

/** A random cookie in place of our transmit time: the server only echoes it, and our clock is not disclosed. */
export function ntpQuestion(cookie: Buffer): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet[0] = VERSION_4_CLIENT;
  cookie.copy(packet, TRANSMIT_AT, 0, 8);
  return packet;
}

export interface NtpAnswer {
  readonly stratum: number;
  /** Why its time must not be used; undefined: it is valid. */
  readonly problem: string | undefined;
  /** When the request arrived and the answer left, by the server's clock, Unix time. */
  readonly receivedMs: number;
  readonly sentMs: number;
}

/** undefined: not the answer to the request with this cookie. `nowMs` selects the NTP era (the next begins in 2036). Pure. */
export function parseNtpAnswer(packet: Buffer, cookie: Buffer, nowMs: number): NtpAnswer | undefined {
  if (packet.length < PACKET_BYTES) return undefined;
  const [first = 0, stratum = 0] = packet;
  if ((first & 7) !== SERVER_MODE || !packet.subarray(ORIGIN_AT, ORIGIN_AT + 8).equals(cookie)) {
    return undefined;
  }
  return {
    stratum,
    problem: problemOf(packet, first >> 6, stratum),
    receivedMs: readTimeMs(packet, RECEIVE_AT, nowMs),
    sentMs: readTimeMs(packet, TRANSMIT_AT, nowMs),
  };
}

function problemOf(packet: Buffer, leap: number, stratum: number): string | undefined {
  if (stratum === 0) {
    const code = packet.toString('latin1', 12, 16).replace(/[^A-Z]/g, '');
    return `sends a kiss-o'-death packet${code === '' ? '' : ` (${code})`}`;
  }
  if (leap === NOT_SYNCHRONISED || stratum > MAX_STRATUM) return 'its clock is not synchronised';
  return packet.readUInt32BE(TRANSMIT_AT) === 0 ? 'sends no time' : undefined;
}

function readTimeMs(packet: Buffer, at: number, nowMs: number): number {
  const seconds = packet.readUInt32BE(at) - UNIX_EPOCH_S;
  const timeMs = seconds * 1_000 + (packet.readUInt32BE(at + 4) / 2 ** 32) * 1_000;
  return timeMs + Math.round((nowMs - timeMs) / ERA_MS) * ERA_MS;
}

/** The server's clock minus ours (θ of RFC 5905, section 8): positive, it is ahead of us. Pure. */
export function clockOffsetMs(answer: NtpAnswer, ourSentMs: number, ourReceivedMs: number): number {
  return (answer.receivedMs - ourSentMs + (answer.sentMs - ourReceivedMs)) / 2;
}
