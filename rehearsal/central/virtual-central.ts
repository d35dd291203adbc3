import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { InventoryFile } from '../../contract/inventory.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { silentLogger, type Logger } from '../../runtime/logger.ts';
import { ServiceStack } from '../../runtime/service.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { readInventory } from '../../central/inventory/inventory.ts';
import { createParts, type SharedParts } from '../../central/parts.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import type { SampleStore } from '../../central/store/sample-store.ts';
import { InProcessBus, type OnAck } from './in-process-bus.ts';
import { recordingChannel, type SentMessage } from './recording-channel.ts';
import { DESK, PAGER, ROUTES } from './routes.ts';

export interface VirtualCentralDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly inventory: InventoryFile;
  readonly onAck: OnAck;
  /** Without them those that are shipped. */
  readonly rules?: readonly AlertRule[];
  readonly store: SampleStore;
  /** Of central's quarantine; nothing should come there. */
  readonly directory: string;
  readonly log?: Logger;
}

/** The real central of `createParts`, over an in-process bus, a store that keeps nothing, and channels that remember. */
export interface VirtualCentral {
  readonly parts: SharedParts;
  readonly bus: InProcessBus;
  readonly sent: readonly SentMessage[];
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
const STOP_TIMEOUT_MS = 10_000;
/** As Node has it on a machine of 8 GiB: what central remembers is bounded by it. */
const HEAP_LIMIT_BYTES = 4 * 2 ** 30;

export async function startVirtualCentral(deps: VirtualCentralDeps): Promise<VirtualCentral> {
  const { clock, random, log = silentLogger } = deps;
  const stack = new ServiceStack({ log, stopTimeoutMs: STOP_TIMEOUT_MS });
  const database = openStateDatabase(':memory:');
  stack.add('state database', () => database.close());
  const bus = new InProcessBus(deps.onAck);
  const sent: SentMessage[] = [];
  const { api, services } = await createParts({
    ...{ clock, random, log, database, store: deps.store },
    version: 'rehearsal',
    openBus: () => ({ bus, url: () => 'rehearsal', refused: () => ({}), disconnect: () => undefined }),
    quarantineDirectory: deps.directory,
    rules: deps.rules ?? loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE),
    notify: {
      channels: [PAGER, DESK].map((id) => recordingChannel(id, sent)),
      ...ROUTES,
    },
    inventory: readInventory('the simulated city', deps.inventory),
    rawRetentionMs: 7 * DAY_MS,
    historyRetention: { minuteMs: 90 * DAY_MS, hourMs: 1_095 * DAY_MS },
    timeZone: 'Asia/Ho_Chi_Minh',
    checkAgentConfig: () => Promise.resolve([]),
    heapLimitBytes: HEAP_LIMIT_BYTES,
    readProcess: () => ({ rssBytes: 1_000_000, cpuMs: 0, uptimeS: 1 }),
    readDisk: () => Promise.resolve({ totalBytes: 1_000_000_000, freeBytes: 600_000_000 }),
    readEventLoopDelayP99Ms: () => 0,
  });
  const { signal } = new AbortController();
  for (const service of services) await stack.start(service, signal);
  return {
    parts: api,
    bus,
    sent,
    stop: async () => {
      const problems = await stack.stop();
      if (problems.length > 0) throw new AggregateError(problems, 'central did not stop as it should');
    },
  };
}
