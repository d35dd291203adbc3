import type { Catalogue } from '../catalogue.ts';
import { ALARM } from './alarm.ts';
import { CAPACITY } from './capacity.ts';
import { DISK } from './disk.ts';
import { EVENT_MEASUREMENTS } from './event.ts';
import { MACHINE } from './machine.ts';
import { MEMORY } from './memory.ts';
import { NETWORK } from './network.ts';
import { PATH } from './path.ts';
import { PIPELINE } from './pipeline.ts';
import { POWER } from './power.ts';
import { RADIO } from './radio.ts';
import { ROLLUP } from './rollup.ts';
import { SERVER } from './server.ts';
import { SERVICE } from './service.ts';

/** Everything that can be stored. Validation, the store's tables, the API and the docs are derived from it. */
export const CATALOGUE: Catalogue = new Map(
  [
    ...SERVER,
    ...MACHINE,
    ...MEMORY,
    ...DISK,
    ...NETWORK,
    ...PATH,
    ...RADIO,
    ...POWER,
    ...SERVICE,
    ...EVENT_MEASUREMENTS,
    ...CAPACITY,
    ...PIPELINE,
    ...ALARM,
    ...ROLLUP,
  ].map((measurement) => [measurement.name, measurement]),
);
