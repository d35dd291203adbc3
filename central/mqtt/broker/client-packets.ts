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

/** What is wrong with the first byte of a client's packet, if anything. Pure. */
export function clientPacketProblem(byte: number, isFirst: boolean): string | undefined {
  const type = byte >> 4;
  if (isFirst && type !== CONNECT) return 'first packet is not CONNECT';
  if (!CLIENT_PACKETS.has(type)) return `packet type ${type} is not a client's`;
  const flags = CLIENT_PACKETS.get(type);
  if (flags !== undefined && (byte & 0x0f) !== flags) return `packet type ${type} has wrong flags`;
  if (type === PUBLISH && (byte & 0x06) === 0x06) return 'QoS 3 does not exist';
  return undefined;
}
