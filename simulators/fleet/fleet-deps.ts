import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { CityModel } from '../city/city.ts';

export interface FleetDeps {
  readonly model: CityModel;
  /** Holds `journal/`, what waits of all agents. */
  readonly directory: string;
  readonly connection: (agent: string) => {
    readonly url: string;
    readonly username: string;
    readonly password: string;
  };
  readonly intervalMs: number;
  readonly clock: Clock;
  /** An agent's own clock; without it all have the one above. */
  readonly clockOf?: (agent: string) => Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
}
