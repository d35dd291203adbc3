import type { Board } from '../board.ts';
import { ALERTS } from './alerts.ts';
import { CITY_OVERVIEW } from './city-overview.ts';
import { CITY_SERVICES } from './city-services.ts';
import { CITY_UNIT } from './city-unit.ts';
import { DC_POOLS } from './dc-pools.ts';
import { DC_SERVER } from './dc-server.ts';
import { NET_COVERAGE } from './net-coverage.ts';
import { NET_NODE } from './net-node.ts';
import { NET_TOPOLOGY } from './net-topology.ts';
import { PLATFORM_AGENTS } from './platform-agents.ts';
import { PLATFORM_PIPELINE } from './platform-pipeline.ts';

/** Every dashboard, in the order of their folders, large to small. */
export const BOARDS: readonly Board[] = [
  CITY_OVERVIEW,
  CITY_UNIT,
  CITY_SERVICES,
  DC_POOLS,
  DC_SERVER,
  NET_NODE,
  NET_TOPOLOGY,
  NET_COVERAGE,
  ALERTS,
  PLATFORM_PIPELINE,
  PLATFORM_AGENTS,
];
