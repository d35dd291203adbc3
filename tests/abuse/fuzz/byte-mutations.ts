import { below, pick, type Seeded } from './choice.ts';

const ODD_BYTES: readonly number[] = [0x00, 0x01, 0x7f, 0x80, 0xc0, 0xff];

type Mutation = (bytes: Buffer, random: Seeded) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const at = below(bytes.length, random);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8, random));
    return bytes;
  },
  (bytes, random) => {
    bytes[below(bytes.length, random)] = pick(ODD_BYTES, random);
    return bytes;
  },
  // Lengths and flags stand at the beginning.
  (bytes, random) => {
    bytes[below(Math.min(bytes.length, 12), random)] = below(256, random);
    return bytes;
  },
  (bytes, random) => bytes.subarray(0, below(bytes.length, random)),
  (bytes, random) => bytes.subarray(below(bytes.length, random)),
  (bytes, random) => {
    const at = below(bytes.length, random);
    const more = Buffer.from(Array.from({ length: 1 + below(40, random) }, () => below(256, random)));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  (bytes, random) => {
    const from = below(bytes.length, random);
    const part = bytes.subarray(from, from + 1 + below(200, random));
    return Buffer.concat([bytes, part, part]);
  },
];

/** Changes one to four places of valid bytes. */
export function mutateBytes(valid: Uint8Array, random: Seeded): Buffer {
  let bytes: Buffer = Buffer.from(valid);
  for (let left = 1 + below(4, random); left > 0 && bytes.length > 0; left--) {
    bytes = pick(MUTATIONS, random)(bytes, random);
  }
  return bytes;
}
