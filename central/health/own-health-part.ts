import type { Clock } from '../../runtime/clock.ts';
import type { DiskSpace } from '../../runtime/disk-space.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ProcessUsage } from '../../runtime/process-usage.ts';
import type { RefusedConnections } from '../access/refused-connections.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Quarantine } from '../ingest/quarantine/quarantine.ts';
import type { Part } from '../jobs/part.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { UnexpectedDevices } from '../live/unexpected-devices.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { ClockStanding } from '../liveness/trusted-clock.ts';
import type { BrokerStats } from '../mqtt/broker/embedded-broker.ts';
import type { CentralBus } from '../mqtt/open-bus.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import { openBackupRecord } from '../state/backup-record.ts';
import type { StateDatabase } from '../state/database.ts';
import type { AgentProblems } from './agent-problems.ts';
import { warnOfExpiry, type CertificateExpiry } from './certificate-expiry.ts';
import { DataDisk } from './data-disk.ts';
import { findLimited, type LimitSources } from './limited-agents.ts';
import { PipelineReporter } from './pipeline-reporter.ts';
import type { PipelineReading, RefusalCounts } from './pipeline-sample.ts';
import type { SelfWatch } from './self-watch.ts';

export interface OwnHealthPartDeps {
  readonly centralBus: CentralBus;
  readonly refusedConnections: Pick<RefusedConnections, 'count'>;
  readonly ingest: Pick<Ingest, 'stats' | 'own'>;
  readonly quarantine: Quarantine;
  readonly ledger: Ledger;
  readonly registry: Pick<AgentRegistry, 'get'>;
  readonly series: SeriesRegistry;
  readonly problems: AgentProblems;
  readonly unexpectedDevices: Pick<UnexpectedDevices, 'count'>;
  readonly alerts: LimitSources['alerts'] & { stats(): PipelineReading['alerts'] };
  readonly backlog: { stats(): PipelineReading['backlog'] };
  readonly notifications: { stats(): PipelineReading['notifications'] };
  readonly selfWatch: Pick<SelfWatch, 'isDeaf' | 'stalledMs'>;
  /** Why the files as they are now are not in force. */
  readonly inventoryFileProblems: () => readonly string[];
  readonly ruleProblems: () => readonly string[];
  /** Since everything that was due was rolled up. */
  readonly historyLagMs: () => number;
  /** Those that central presents or trusts; none without TLS. */
  readonly certificates?: readonly CertificateExpiry[] | undefined;
  readonly readProcess: () => ProcessUsage;
  /** Of the file system of the data directory. */
  readonly readDisk: () => Promise<DiskSpace>;
  /** Since the reading before. */
  readonly readEventLoopDelayP99Ms: () => number;
  readonly database: StateDatabase;
  readonly clock: Clock & { standing(): ClockStanding };
  readonly log: Logger;
}

export interface SharedOwnHealth {
  readonly problems: AgentProblems;
  readonly broker: {
    readonly connected: boolean;
    refused(): Readonly<Record<string, number>>;
    /** Not of an external broker. */
    readonly stats?: () => BrokerStats;
  };
  readonly certificates: readonly CertificateExpiry[];
  readonly readProcess: () => ProcessUsage;
  readonly clockStanding: () => ClockStanding;
  /** Room in the data directory; undefined: not known, or not lately. */
  readonly dataDisk: () => DiskSpace | undefined;
  /** Of the last whole backup; before the first one, of the first start. Unix time, ms. */
  readonly lastBackupAtMs: () => number;
  /** Nearly all agents fell silent at once. */
  readonly isDeaf: () => boolean;
  /** How long central itself stood still, since its start. */
  readonly stalledMs: () => number;
}

const HEALTH_MS = 10_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How central itself is: measurement `pipeline`, its disk, its certificates, and agents that reach a limit. */
export function createOwnHealthPart(deps: OwnHealthPartDeps): Part<SharedOwnHealth> {
  const { centralBus, problems, selfWatch, certificates = [], readProcess, database, clock, log } = deps;
  const disk = new DataDisk({ read: deps.readDisk, clock, log });
  const backups = openBackupRecord(database, clock.now());
  const lastBackupAtMs = (): number => backups.lastAtMs();
  const warnOfCertificates = (): void => warnOfExpiry(certificates, clock.now(), log);
  warnOfCertificates();
  const pipeline = new PipelineReporter({
    read: () => ({
      ...readStats(deps),
      disk: disk.space,
      lastBackupAtMs: lastBackupAtMs(),
      certificates,
    }),
    own: deps.ingest.own,
    clock,
  });
  return {
    shared: {
      problems,
      broker: {
        get connected() {
          return centralBus.bus.connected;
        },
        refused: () => centralBus.refused(),
        ...(centralBus.stats !== undefined && { stats: centralBus.stats }),
      },
      certificates,
      readProcess,
      clockStanding: () => clock.standing(),
      dataDisk: () => disk.space,
      lastBackupAtMs,
      isDeaf: () => selfWatch.isDeaf,
      stalledMs: () => selfWatch.stalledMs,
    },
    jobs: [
      {
        name: 'limits',
        everyMs: HEALTH_MS,
        run: () => {
          for (const found of findLimited(deps, clock.now())) problems.record(found, clock.now());
        },
      },
      { name: 'pipeline', everyMs: HEALTH_MS, run: () => pipeline.report() },
      { name: 'disk', everyMs: HEALTH_MS, run: () => disk.refresh() },
      { name: 'certificates', everyMs: DAY_MS, run: warnOfCertificates },
    ],
  };
}

function readStats(
  deps: OwnHealthPartDeps,
): Omit<PipelineReading, 'disk' | 'lastBackupAtMs' | 'certificates'> {
  const { ingest, ledger, selfWatch, clock } = deps;
  return {
    takenAtMs: clock.monotonicMs(),
    ingest: ingest.stats(),
    quarantine: deps.quarantine.stats(),
    refusals: refusalsSoFar(deps),
    alerts: deps.alerts.stats(),
    backlog: deps.backlog.stats(),
    notifications: deps.notifications.stats(),
    problems: deps.problems.counts(clock.now()),
    unexpectedDevices: deps.unexpectedDevices.count,
    inventoryFileProblems: deps.inventoryFileProblems().length,
    ruleProblems: deps.ruleProblems().length,
    process: deps.readProcess(),
    clock: clock.standing(),
    stalledMs: selfWatch.stalledMs,
    storeLostBatches: ledger.storeLostBatches(clock.now() - HOUR_MS),
    isDeaf: selfWatch.isDeaf,
    historyLagMs: deps.historyLagMs(),
    eventLoopDelayP99Ms: deps.readEventLoopDelayP99Ms(),
  };
}

function refusalsSoFar({ centralBus, refusedConnections, ingest }: OwnHealthPartDeps): RefusalCounts {
  const stats = centralBus.stats?.();
  return {
    connections: (stats?.refused.connection ?? 0) + refusedConnections.count,
    logins: stats?.refused.authentication ?? 0,
    heldBack: (stats?.heldBack ?? 0) + ingest.stats().heldBack,
  };
}
