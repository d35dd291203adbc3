import type { Sample } from '../../contract/sample.ts';
import type { Fault } from './faults.ts';

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

/** `cut_off`: runs and measures, but its link is down. `dark`: without power, nothing runs. */
export type Condition = 'connected' | 'cut_off' | 'dark';

/** Pure: the same seed, agent and time give the same answers, whatever was asked before. */
export interface CityModel {
  readonly inventory: CityInventory;
  conditionAt(agent: string, timeMs: number): Condition;
  /** What one agent would measure at one instant; undefined while it is dark. */
  samplesAt(agent: string, timeMs: number): readonly Sample[] | undefined;
  /** Ground truth: what is wrong in the span. */
  faultsBetween(fromMs: number, toMs: number): readonly Fault[];
}
