import type { Clock, Random } from '../runtime/clock.ts';
import type { DiskSpace } from '../runtime/disk-space.ts';
import type { Logger } from '../runtime/logger.ts';
import type { ProcessUsage } from '../runtime/process-usage.ts';
import type { ReadYaml } from '../runtime/yaml-thread.ts';
import type { ConfigChecker } from './agent-config/agent-configs.ts';
import type { ReadRules } from './alerts/reload/rule-reload.ts';
import type { AlertRule } from './alerts/rules/rule.ts';
import type { CustomMeasurements } from './catalogue/custom-measurements.ts';
import type { ReadDeclarations } from './catalogue/declaration-watch.ts';
import type { CertificateExpiry } from './health/certificate-expiry.ts';
import type { Inventory } from './inventory/inventory.ts';
import type { ReadFile } from './inventory/inventory-file-watch.ts';
import type { BusHooks, CentralBus } from './mqtt/open-bus.ts';
import type { NotifySetup } from './notify/settings/load-notify.ts';
import type { SparkplugConfig } from './sparkplug/config.ts';
import type { StateDatabase } from './state/database.ts';
import type { SampleStore } from './store/sample-store.ts';

/** What central is made from. */
export interface PartsDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly version: string;
  /** Open already, as the store; whoever opened them closes them. */
  readonly database: StateDatabase;
  readonly store: SampleStore;
  /** The store did not answer when it was opened. */
  readonly startsWithoutStore?: boolean;
  /** Of the identity provider (`grantsHash`): sessions of people that began under others end. Without it, there is none. */
  readonly grantsHash?: string | undefined;
  readonly openBus: (hooks: BusHooks) => CentralBus;
  readonly quarantineDirectory: string;
  /** Without it, nothing is declared but what agents were pushed. */
  readonly measurements?: CustomMeasurements;
  /** Files that declare measurements follow their directory. */
  readonly declarations?: ReadDeclarations | undefined;
  readonly rules: readonly AlertRule[];
  /** They follow their directory; without it, rules stay as they are. */
  readonly ownRules?: ReadRules | undefined;
  /** Who is told of alerts; nobody without it. */
  readonly notify?: NotifySetup | undefined;
  /** A fault that is none is raised every ten minutes, to see whether it would be told. */
  readonly hasCanary?: boolean;
  /** In force from the start on; without it, what was in force last. */
  readonly inventory?: Inventory | undefined;
  /** Where `inventory` was read from: only this file changes the inventory then. */
  readonly inventoryFile?: ReadFile | undefined;
  readonly rawRetentionMs: number;
  /** How long what samples are rolled up into is kept. */
  readonly historyRetention: { readonly minuteMs: number; readonly hourMs: number };
  /** Of days in answers of the API; UTC without it. */
  readonly timeZone?: string;
  readonly sparkplug?: SparkplugConfig | undefined;
  readonly networkSurvey?: boolean;
  readonly checkAgentConfig: ConfigChecker;
  /** Of others than configuration files; on the spot without it. */
  readonly readYaml?: ReadYaml | undefined;
  /** Those that central presents or trusts; none without TLS. */
  readonly certificates?: readonly CertificateExpiry[];
  /** Of this process; what is remembered of agents is bounded by it. */
  readonly heapLimitBytes: number;
  readonly readProcess: () => ProcessUsage;
  /** Of the file system of the data directory. */
  readonly readDisk: () => Promise<DiskSpace>;
  /** Since the reading before. */
  readonly readEventLoopDelayP99Ms: () => number;
}
