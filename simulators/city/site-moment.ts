import type { Sample } from '../../contract/sample.ts';

/** What holds at a site at one instant, worked out once for all its devices. */
export interface SiteMoment {
  readonly timeMs: number;
  /** How busy its network is, 0…1; what it drives rises and falls together. */
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
