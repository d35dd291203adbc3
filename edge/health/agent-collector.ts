import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Collector } from '../collectors/collector.ts';
import type { PublisherStatus } from '../publisher/publisher-status.ts';
import type { Queue } from '../queue/queue.ts';
import type { SampleSink } from '../scheduler/sample-sink.ts';
import type { ClockWriter } from './clock-writer.ts';
import { agentSample, type ConfigHealth } from './agent-sample.ts';

export interface AgentCollectorDeps {
  readonly queue: Pick<Queue, 'stats'>;
  readonly publisher: { status(): PublisherStatus };
  readonly sink: Pick<SampleSink, 'stats'>;
  readonly config: () => ConfigHealth;
  /** Told how far the clocks are apart, at each run. */
  readonly clockWriter: Pick<ClockWriter, 'write'>;
  /** States that nobody else tells any more. */
  readonly leftStates: () => readonly Sample[];
  readonly tags: Sample['tags'];
  readonly clock: Clock;
}

/** Monitors the agent itself. */
export function createAgentCollector(deps: AgentCollectorDeps): Collector {
  const { clock } = deps;
  const startMs = clock.monotonicMs();
  let before: { readonly atMs: number; readonly cpuMs: number } | undefined;

  const cpuPercent = (): number | undefined => {
    const { user, system } = process.cpuUsage();
    const now = { atMs: clock.monotonicMs(), cpuMs: (user + system) / 1_000 };
    const last = before;
    before = now;
    if (last === undefined || now.atMs <= last.atMs) return undefined;
    return (100 * (now.cpuMs - last.cpuMs)) / (now.atMs - last.atMs);
  };

  return {
    name: 'agent',
    collect: async () => {
      const health = {
        queue: deps.queue.stats(),
        publisher: deps.publisher.status(),
        sink: deps.sink.stats(),
        config: deps.config(),
        rssBytes: process.memoryUsage.rss(),
        cpuPercent: cpuPercent(),
        uptimeS: Math.floor((clock.monotonicMs() - startMs) / 1_000),
      };
      deps.clockWriter.write(health.publisher.clockOffset);
      return { samples: [agentSample(health, deps.tags, clock.now()), ...deps.leftStates()], errors: [] };
    },
    close: async () => undefined,
  };
}
