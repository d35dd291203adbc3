import { isIP } from 'node:net';
import { z } from 'zod';
import { parseAddress } from '../../../runtime/ip-range.ts';

export const MAX_SENDERS = 500;

const ipAddress = z
  .string()
  .max(45)
  .refine(
    (text) => isIP(text) !== 0,
    'expected an IP address, because messages carry no name that can be checked',
  );

/** Who may send: only what is listed is read at all. */
export const senderSettings = {
  /** As the inventory calls it. */
  device: z.string().min(1).max(64),
  /** Where its messages come from. */
  address: ipAddress,
};

/** Where to listen. Every address of the machine by default: senders are elsewhere. */
export function listenerSchema(defaultPort: number) {
  return z.strictObject({
    address: ipAddress.default('0.0.0.0'),
    port: z.int().min(1).max(65_535).default(defaultPort),
  });
}

/** Each device and each address once. */
export function checkSenders(
  senders: readonly { readonly device: string; readonly address: string }[],
  context: z.RefinementCtx,
): void {
  const seen = { device: new Set<string>(), address: new Set<string>() };
  for (const [at, { device, address }] of senders.entries()) {
    const report = (key: string, message: string, input: string): void => {
      context.issues.push({ code: 'custom', path: ['senders', at, key], message, input });
    };
    if (seen.device.has(device)) report('device', 'expected a name of its own', device);
    if (seen.address.has(keyOf(address))) report('address', 'expected an address of its own', address);
    seen.device.add(device);
    seen.address.add(keyOf(address));
  }
}

/** Finds who is behind an address, however it is written: `10.1.2.3` is `::ffff:10.1.2.3`, too. */
export class SenderTable<Sender extends { readonly address: string }> {
  readonly #byKey: ReadonlyMap<string, Sender>;
  /** As the system writes them; bounded by the number of senders and of their spellings. */
  readonly #byText = new Map<string, Sender>();

  constructor(senders: readonly Sender[]) {
    this.#byKey = new Map(senders.map((sender) => [keyOf(sender.address), sender]));
  }

  find(address: string): Sender | undefined {
    const known = this.#byText.get(address);
    if (known !== undefined) return known;
    const found = this.#byKey.get(keyOf(address));
    if (found !== undefined && this.#byText.size < 4 * MAX_SENDERS) this.#byText.set(address, found);
    return found;
  }
}

function keyOf(address: string): string {
  const parsed = parseAddress(address);
  return parsed === undefined ? address : `${parsed.family} ${parsed.value}`;
}
