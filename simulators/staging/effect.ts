import type { InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Condition } from '../city/city.ts';
import type { Fault } from '../city/faults.ts';

/** A staged fault at one instant. */
export interface StagedMoment {
  readonly target: string;
  /** undefined: it is not there now. What it measures besides is measured all the same. */
  readonly fault: Fault | undefined;
  readonly timeMs: number;
  readonly inventory: InventoryFile;
}

/** What a kind of fault does to what agents measure. Pure. */
export interface Effect {
  /** All that it may be at. */
  readonly targets: (inventory: InventoryFile) => readonly string[];
  /** Whose samples it changes; without it none. */
  readonly agents?: (target: string, inventory: InventoryFile) => readonly string[];
  readonly change?: (sample: Sample, moment: StagedMoment) => Sample;
  /** What they send besides while it lasts. */
  readonly add?: (moment: StagedMoment, agent: string) => readonly Sample[];
  /** Who is how while it lasts. */
  readonly condition?: {
    readonly is: Condition;
    readonly of: (target: string, inventory: InventoryFile) => readonly string[];
  };
}

type Fields = Sample['fields'];

/** A sample with some fields in place of its own. */
export function withFields(sample: Sample, fields: Fields): Sample {
  return { ...sample, fields: { ...sample.fields, ...fields } };
}

export function numberOf(sample: Sample, field: string): number {
  return Number(sample.fields[field] ?? 0);
}

/** Of what comes and goes: whether it is there now. */
export function isUp({ fault, timeMs }: Pick<StagedMoment, 'fault' | 'timeMs'>): boolean {
  if (fault === undefined) return false;
  const { fromMs, periodMs } = fault;
  return periodMs === undefined || (timeMs - fromMs) % periodMs < periodMs / 2;
}

export function sitesOf({ sites }: InventoryFile): readonly string[] {
  return sites.filter(({ kind }) => kind === 'site').map(({ id }) => id);
}

export function gatewaysAt(site: string, { agents }: InventoryFile): readonly string[] {
  return agents.filter((agent) => agent.kind === 'gateway' && agent.site === site).map(({ id }) => id);
}

export function allGateways({ agents }: InventoryFile): readonly string[] {
  return agents.filter(({ kind }) => kind === 'gateway').map(({ id }) => id);
}

export function allServers({ agents }: InventoryFile): readonly string[] {
  return agents.filter(({ kind }) => kind === 'server').map(({ id }) => id);
}
