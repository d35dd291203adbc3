import type { Sample } from '../../contract/sample.ts';

/** What the model says exists; central's inventory is made from it. */
export interface CityInventory {
  readonly units: readonly {
    readonly code: string;
    readonly name: string;
    readonly nameEn: string;
    readonly kind: 'ward' | 'commune' | 'special_zone';
    readonly longitude: number;
    readonly latitude: number;
    readonly areaKm2: number;
  }[];
  readonly sites: readonly {
    readonly id: string;
    readonly unit: string;
    readonly name: string;
    readonly kind: 'city' | 'hub' | 'site' | 'datacentre';
    readonly parent?: string;
    readonly longitude: number;
    readonly latitude: number;
  }[];
  readonly agents: readonly {
    readonly id: string;
    readonly kind: 'gateway' | 'server';
    readonly site: string;
    readonly unit: string;
  }[];
  readonly devices: readonly {
    readonly id: string;
    readonly kind: 'node' | 'server' | 'probe' | 'modem' | 'ups';
    readonly site: string;
    readonly unit: string;
    readonly agent: string;
    readonly parent?: string;
  }[];
  readonly pools: readonly { readonly id: string; readonly site: string; readonly resource: string }[];
}

/** What one agent would measure at one instant; undefined while a fault keeps it from running at all. */
export interface CityModel {
  readonly inventory: CityInventory;
  /** Pure: the same seed, agent and time give the same samples, whatever was asked before. */
  samplesAt(agent: string, timeMs: number): readonly Sample[] | undefined;
}
