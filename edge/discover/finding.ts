import type { Device } from '../../contract/inventory.ts';

/** A neighbour in the device's LLDP table. */
export interface Neighbour {
  /** The device's own port. */
  readonly port: string;
  readonly name: string | undefined;
  readonly chassis: string | undefined;
  readonly remotePort: string | undefined;
}

export type DeviceKind = Device['kind'];

/** A device that answered at one address, with its own description. */
export interface Finding {
  readonly address: string;
  /** Name of the credentials that it accepts. */
  readonly credentials: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly objectId: string;
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly kind: DeviceKind;
  readonly interfaceCount: number;
  readonly neighbours: readonly Neighbour[];
  /** snmpEngineID, hexadecimal. */
  readonly engineId: string | undefined;
  /** lldpLocChassisId. */
  readonly chassis: string | undefined;
  /** Parts that could not be read. */
  readonly problems: readonly string[];
}

/** An address that answers, but accepts none of the credentials. */
export interface Refusal {
  readonly address: string;
  readonly reason: string;
}

export type Probed = Finding | Refusal | undefined;

export function isFinding(probed: Finding | Refusal): probed is Finding {
  return 'credentials' in probed;
}
