import type { Device } from '../../contract/inventory.ts';

/** A neighbour by LLDP, as the device tells of it. */
export interface Neighbour {
  /** The device's own port. */
  readonly port: string;
  readonly name: string | undefined;
  readonly chassis: string | undefined;
  readonly remotePort: string | undefined;
}

export type DeviceKind = Extract<Device['kind'], 'node' | 'server' | 'ups'>;

/** What answered at one address, and what it says of itself. */
export interface Finding {
  readonly address: string;
  /** By which name of the credentials it answers. */
  readonly credentials: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly objectId: string;
  readonly vendor: string | undefined;
  readonly kind: DeviceKind;
  readonly interfaceCount: number;
  readonly neighbours: readonly Neighbour[];
  /** snmpEngineID, hexadecimal. */
  readonly engineId: string | undefined;
  /** lldpLocChassisId. */
  readonly chassis: string | undefined;
  /** What could not be read of it. */
  readonly problems: readonly string[];
}

/** An address that has something to say, but not to us. */
export interface Refusal {
  readonly address: string;
  readonly reason: string;
}

export type Probed = Finding | Refusal | undefined;

export function isFinding(probed: Finding | Refusal): probed is Finding {
  return 'credentials' in probed;
}
