/** As many as the largest chassis has ports. */
const MAX_MACS_PER_DEVICE = 1_024;

/**
 * Which hardware and IP addresses are those of the devices that this collector reads. In memory only: by it the tables of a switch are
 * turned into names of devices, so that no other address leaves the agent.
 */
export class KnownStations {
  readonly #macs = new Map<string, string | undefined>();
  readonly #addresses = new Map<string, string>();
  readonly #macsOf = new Map<string, readonly string[]>();

  /** All of its own: those that it had before and lacks now are forgotten. */
  learn(device: string, macs: readonly string[], address: string | undefined): void {
    for (const mac of this.#macsOf.get(device) ?? []) {
      if (this.#macs.get(mac) === device) this.#macs.delete(mac);
    }
    const own = macs.slice(0, MAX_MACS_PER_DEVICE);
    this.#macsOf.set(device, own);
    for (const mac of own) {
      const other = this.#macs.get(mac);
      // Two that share one, as a pair of routers its virtual address, are not told apart by it.
      this.#macs.set(mac, this.#macs.has(mac) && other !== device ? undefined : device);
    }
    if (address !== undefined) this.#addresses.set(address, device);
  }

  deviceOfMac(mac: string): string | undefined {
    return this.#macs.get(mac);
  }

  deviceOfAddress(address: string): string | undefined {
    return this.#addresses.get(address);
  }
}
