import type { InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Fault } from './faults.ts';

/** `cut_off`: runs and measures, but its link is down. `dark`: without power, nothing runs. */
export type Condition = 'connected' | 'cut_off' | 'dark';

/** Pure: results depend on seed, agent and time only. */
export interface CityModel {
  /** What exists; central's inventory is made from it. */
  readonly inventory: InventoryFile;
  conditionAt(agent: string, timeMs: number): Condition;
  /** Measurements of one agent at one instant; undefined while it is dark. */
  samplesAt(agent: string, timeMs: number): readonly Sample[] | undefined;
  /** Ground truth: the faults that overlap the span. */
  faultsBetween(fromMs: number, toMs: number): readonly Fault[];
}
