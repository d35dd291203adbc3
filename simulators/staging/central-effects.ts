import type { StagedKind } from '../city/faults.ts';
import { allGateways, type Effect } from './effect.ts';

export const CENTRAL_TARGET = 'central';
const atCentral = { targets: () => [CENTRAL_TARGET] } as const;

/** At the centre, and with clocks: whoever runs the city carries them out (`rehearsal/run-city.ts`). */
export const CENTRAL_EFFECTS = {
  /** Nobody reaches central: all agents go on measuring into their queues. */
  centre_cut_off: {
    ...atCentral,
    condition: { is: 'cut_off', of: (_target, { agents }) => agents.map(({ id }) => id) },
  },
  central_store_away: atCentral,
  /** Its process stands still. */
  central_paused: atCentral,
  /** `amount`: s that the clock of its machine is ahead. */
  central_clock_wrong: atCentral,
  /** `amount`: s that its clock is ahead. */
  gateway_clock_wrong: { targets: allGateways },
} satisfies Partial<Record<StagedKind, Effect>>;
