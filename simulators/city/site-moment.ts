import type { Sample } from '../../contract/sample.ts';

/** State of a site at one instant, computed once for all its devices. */
export interface SiteMoment {
  readonly timeMs: number;
  /** Load of its network, 0…1; drives all dependent values. */
  readonly busy: number;
  /** 0…1. */
  readonly rain: number;
  readonly isHubCut: boolean;
  readonly isNodeDown: boolean;
  readonly isLineLossy: boolean;
  readonly isRadioDip: boolean;
  readonly isRadioFallback: boolean;
}

/** Measures one device: adds its samples to a list. */
export type Meter = (moment: SiteMoment, into: Sample[]) => void;
