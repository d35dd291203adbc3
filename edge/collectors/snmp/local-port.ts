/** The texts of an interface. */
export interface InterfaceTexts {
  readonly name: string;
  /** ifAlias. */
  readonly alias?: string | undefined;
  /** ifDescr. */
  readonly description?: string | undefined;
}

/** Of a device, by ifIndex. */
export type Interfaces = ReadonlyMap<string, InterfaceTexts>;

/** What a device says of one of its LLDP ports (lldpLocPortTable). */
export interface LocalPort {
  /** lldpLocPortNum. */
  readonly number: string;
  readonly id: string | undefined;
  /** LldpPortIdSubtype 7, local: `id` may be the ifIndex. */
  readonly isLocalId: boolean;
  readonly description: string | undefined;
}

/**
 * Tells the interface of an LLDP port. Its number is mostly the ifIndex, unless a port with the name of an interface proves
 * otherwise; the texts may be a name, a description, an alias or a hardware address. Pure.
 */
export class LocalPortNames {
  readonly #byIndex: ReadonlyMap<string, string>;
  readonly #byText: ReadonlyMap<string, string>;
  readonly #numbersAreIndexes: boolean;

  constructor(ports: readonly LocalPort[], interfaces: Interfaces) {
    this.#byIndex = new Map([...interfaces].map(([index, { name }]) => [index, name]));
    const names = new Set(this.#byIndex.values());
    this.#byText = textsOf([...interfaces.values()]);
    this.#numbersAreIndexes = ports.every(({ number, id, description }) => {
      const named = [id, description].filter((text) => text !== undefined && names.has(text));
      return named.length === 0 || named.includes(this.#byIndex.get(number));
    });
  }

  nameOf({ number, id, isLocalId, description }: LocalPort): string {
    const byNumber = this.#numbersAreIndexes ? this.#byIndex.get(number) : undefined;
    const byText = this.#byText.get(id ?? '') ?? this.#byText.get(description ?? '');
    const byLocalId = isLocalId ? this.#byIndex.get(id ?? number) : undefined;
    return byNumber ?? byText ?? byLocalId ?? id ?? `port ${number}`;
  }
}

/** Names first; descriptions and aliases only where no other port has the same. */
function textsOf(interfaces: readonly InterfaceTexts[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>(interfaces.map(({ name }) => [name, name]));
  for (const text of ['description', 'alias'] as const) {
    const owners = new Map<string, string | undefined>();
    for (const port of interfaces) {
      const known = port[text];
      if (known !== undefined) owners.set(known, owners.has(known) ? undefined : port.name);
    }
    for (const [known, name] of owners) if (name !== undefined && !names.has(known)) names.set(known, name);
  }
  return names;
}
