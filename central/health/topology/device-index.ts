import type { Identity } from './evidence.ts';

/** What is known of somebody who may be a device of the inventory. */
export interface Described {
  readonly name: string | undefined;
  readonly chassis: string | undefined;
  readonly address: string | undefined;
}

/** Finds devices of the inventory by what neighbours say of them. What two devices have alike finds neither. */
export class DeviceIndex {
  readonly #chassis = new Keys();
  readonly #addresses = new Keys();
  readonly #names = new Keys();
  readonly #ids: ReadonlyMap<string, unknown>;
  readonly #chassisOf = new Map<string, string>();

  /** `devices`: those of the inventory, by id. */
  constructor(devices: ReadonlyMap<string, unknown>, identities: readonly Identity[]) {
    this.#ids = devices;
    for (const { device, chassis, address, name } of identities) {
      if (!devices.has(device)) continue;
      if (chassis !== undefined) this.#chassisOf.set(device, keyOf(chassis));
      this.#chassis.add(chassis, device);
      this.#addresses.add(address, device);
      this.#names.add(name, device);
      this.#names.add(name === undefined ? undefined : shortName(name), device);
    }
  }

  /** By chassis, address, name, and id, in this order: names are given by people, and some makers give all the same. */
  find({ chassis, address, name }: Described): string | undefined {
    const byChassis = this.#chassis.find(chassis);
    if (byChassis !== undefined) return byChassis;
    const found = this.#addresses.find(address) ?? this.#byName(name);
    const known = found === undefined ? undefined : this.#chassisOf.get(found);
    return known !== undefined && chassis !== undefined ? undefined : found;
  }

  /** Whether its neighbours would be recognised to speak of it: by the chassis that it told itself. */
  isRecognised(device: string): boolean {
    const chassis = this.#chassisOf.get(device);
    return chassis !== undefined && this.#chassis.find(chassis) === device;
  }

  #byName(name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const told = this.#names.find(name) ?? this.#names.find(shortName(name));
    if (told !== undefined) return told;
    return [keyOf(name), shortName(name)].find((id) => this.#ids.has(id));
  }
}

/** From texts to devices; a text of two devices is known to be of no use. */
class Keys {
  readonly #devices = new Map<string, string | undefined>();

  add(text: string | undefined, device: string): void {
    if (text === undefined) return;
    const key = keyOf(text);
    const other = this.#devices.get(key);
    this.#devices.set(key, this.#devices.has(key) && other !== device ? undefined : device);
  }

  find(text: string | undefined): string | undefined {
    return text === undefined ? undefined : this.#devices.get(keyOf(text));
  }
}

function keyOf(text: string): string {
  return text.trim().toLowerCase();
}

/** Up to its domain, as `edge discover` makes an id of it. */
function shortName(name: string): string {
  return keyOf(name).split('.')[0] ?? '';
}
