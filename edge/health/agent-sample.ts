import type { FieldValue, Sample } from '../../contract/sample.ts';
import { certainOffsetMs } from '../publisher/central-clock.ts';
import type { PublisherStatus } from '../publisher/publisher-status.ts';
import type { QueueStats } from '../queue/queue.ts';
import type { SinkStats } from '../scheduler/sample-sink.ts';

export interface ConfigHealth {
  /** 0: the agent's own file. */
  readonly revision: number;
  /** A higher revision was rejected or rolled back. */
  readonly failed: boolean;
}

/** The agent's own state at one moment. */
export interface AgentHealth {
  readonly queue: QueueStats;
  readonly publisher: PublisherStatus;
  readonly sink: SinkStats;
  readonly config: ConfigHealth;
  readonly rssBytes: number;
  /** CPU time since the previous sample ÷ elapsed time; undefined in the first. */
  readonly cpuPercent: number | undefined;
  readonly uptimeS: number;
}

/** Measurement `agent`: fill level of the queue, losses, state of sending. Pure. */
export function agentSample(health: AgentHealth, tags: Sample['tags'], timeMs: number): Sample {
  const { queue, publisher, sink } = health;
  const oldestMs = queue.oldestPendingAtMs;
  const ackLatencyMs = publisher.ackLatencyMs.p50;
  const fields: Record<string, FieldValue> = {
    queue_bytes: queue.pendingBytes,
    queue_pending_batches: queue.pendingBatches,
    queue_pending_points: queue.pendingPoints,
    queue_oldest_age_s: oldestMs === undefined ? 0 : Math.max(0, timeMs - oldestMs) / 1_000,
    lost_batches: queue.lostBatches,
    lost_points: queue.lostPoints,
    damaged_segments: queue.damagedSegments,
    samples_taken: sink.samples,
    samples_dropped: sink.dropped,
    connected: publisher.connected,
    connects: publisher.connects,
    in_flight_batches: publisher.inFlight,
    acked_batches: publisher.acked,
    refused_batches: publisher.refused,
    stuck_batches: publisher.stuck,
    resends: publisher.resends,
    has_twin: publisher.hasTwin,
    config_revision: health.config.revision,
    config_failed: health.config.failed,
    rss_bytes: health.rssBytes,
    uptime_s: health.uptimeS,
    ...(publisher.silenceMs !== undefined && { unacknowledged_s: publisher.silenceMs / 1_000 }),
    ...(publisher.clockOffset !== undefined && { clock_offset_ms: certainOffsetMs(publisher.clockOffset) }),
    ...(ackLatencyMs !== undefined && { ack_latency_ms: ackLatencyMs }),
    ...(health.cpuPercent !== undefined && { cpu_percent: health.cpuPercent }),
  };
  return { measurement: 'agent', tags, fields, timeMs };
}
