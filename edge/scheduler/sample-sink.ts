import { encodeSamples } from '../../contract/codec.ts';
import type { Sample } from '../../contract/sample.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Queue } from '../queue/queue.ts';
import { withStorableTags } from './storable-tags.ts';

export interface SinkStats {
  /** Samples received since the agent started. */
  readonly samples: number;
  /** Samples that never reached the disk: declared lost by the queue, too large, or refused because the disk hangs. */
  readonly dropped: number;
}

export interface SampleSink {
  /**
   * Never blocks and never throws: samples that cannot be stored are counted. `reportDurable` is called once with
   * whether all are durable. Samples that are too large to send do not count for this: a repetition would not help.
   */
  accept(samples: readonly Sample[], reportDurable?: (isDurable: boolean) => void): void;
  stats(): SinkStats;
  /** Resolves when all that was accepted is durable or counted as dropped. */
  drain(): Promise<void>;
}

/** Bounds the memory when the disk hangs. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

/** Packs samples into batches and appends them to the disk queue. */
export function createSampleSink(deps: {
  readonly queue: Pick<Queue, 'append'>;
  readonly log: Logger;
}): SampleSink {
  const { queue, log } = deps;
  const waiting = new Set<Promise<boolean>>();
  let waitingBytes = 0;
  let taken = 0;
  let dropped = 0;

  const drop = (points: number, why: unknown): void => {
    if (dropped === 0) log.error({ points, err: why }, 'samples were dropped; further ones are only counted');
    dropped += points;
  };

  const append = async (body: ReturnType<typeof encodeSamples>['bodies'][number]): Promise<boolean> => {
    waitingBytes += body.bytes.length;
    try {
      const { bytes, points, firstMs, lastMs } = body;
      const seq = await queue.append({ body: bytes, points, firstMs, lastMs });
      if (seq === undefined) drop(points, 'the queue declared them lost');
      return seq !== undefined;
    } catch (error) {
      drop(body.points, error);
      return false;
    } finally {
      waitingBytes -= body.bytes.length;
    }
  };

  return {
    accept(samples, reportDurable) {
      taken += samples.length;
      const { bodies, oversize } = encodeSamples(samples.map(withStorableTags));
      if (oversize.length > 0) drop(oversize.length, 'larger than a batch may be');
      const appends = bodies.map((body): Promise<boolean> => {
        if (waitingBytes + body.bytes.length > MAX_WAITING_BYTES) {
          drop(body.points, 'the disk is too slow');
          return Promise.resolve(false);
        }
        const appended: Promise<boolean> = append(body).finally(() => waiting.delete(appended));
        waiting.add(appended);
        return appended;
      });
      void Promise.all(appends).then((durable) => reportDurable?.(!durable.includes(false)));
    },
    stats: () => ({ samples: taken, dropped }),
    drain: () => Promise.all(waiting).then(() => undefined),
  };
}
