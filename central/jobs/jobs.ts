import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { PointRate } from '../live/point-rate.ts';

export interface HousekeepingDeps {
  readonly api: ApiDeps;
  readonly rate: PointRate;
  readonly retentionDays: number;
  readonly log: Logger;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What has to be done from time to time: silence is judged each second, books saved each minute, old samples go each hour. */
export function createHousekeeping({ api, rate, retentionDays, log }: HousekeepingDeps): {
  start(): void;
  stop(): void;
} {
  const timers: NodeJS.Timeout[] = [];
  const stopping = new AbortController();
  const every = (delayMs: number, name: string, work: () => void | Promise<void>): void => {
    timers.push(
      setInterval(() => {
        void (async () => work())().catch((error: unknown) => {
          if (!stopping.signal.aborted)
            log.error({ task: name, error: messageOf(error) }, 'housekeeping failed');
        });
      }, delayMs),
    );
  };
  return {
    start: () => {
      every(SECOND_MS, 'alerts', () => {
        api.alerts.setListening(api.broker.connected && api.ingest.stats().flowMode !== 'hold');
        api.alerts.tick(api.clock.now());
      });
      every(SECOND_MS, 'rate', () => rate.sample(api.ingest.stats().storedPoints));
      every(MINUTE_MS, 'agents', () => api.registry.save());
      every(HOUR_MS, 'latest', () => api.latest.forgetBefore(api.clock.now() - DAY_MS));
      every(HOUR_MS, 'retention', () =>
        api.store.deleteBefore(api.clock.now() - retentionDays * DAY_MS, stopping.signal),
      );
    },
    stop: () => {
      stopping.abort(new Error('stopping'));
      for (const timer of timers) clearInterval(timer);
    },
  };
}
