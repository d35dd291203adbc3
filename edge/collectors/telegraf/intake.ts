import type { Declaration } from '../../../contract/custom/declaration.ts';
import { definitionsOf } from '../../../contract/custom/definition.ts';
import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { CollectorDeps } from '../collector.ts';
import { PushedSamples } from '../pushed-samples.ts';
import type { ParsedLines } from './parse-lines.ts';
import { RefusalCounts } from '../refusal-counts.ts';
import { toSample, type SampleOptions } from './to-sample.ts';

export const NANOSECONDS = 1n;

/** Turns lines of all listeners into samples. */
export class Intake {
  readonly pushed: PushedSamples;
  readonly refusals = new RefusalCounts();
  readonly #clock: Clock;
  readonly #commonTags: Sample['tags'];
  readonly #custom: SampleOptions['custom'] & {};

  /** `custom`: measurements that the catalogue lacks. */
  constructor(
    deps: Pick<CollectorDeps, 'clock' | 'commonTags' | 'handOver'>,
    custom: readonly Declaration[] = [],
  ) {
    this.pushed = new PushedSamples(deps);
    this.#clock = deps.clock;
    this.#commonTags = deps.commonTags;
    this.#custom = definitionsOf(custom);
  }

  /** Counts refusals. */
  translate({ points, badLines }: ParsedLines, unitNs: bigint): readonly Sample[] {
    for (const { reason } of badLines) this.refusals.add(`bad line: ${reason}`);
    const options = {
      unitNs,
      receivedAtMs: this.#clock.now(),
      commonTags: this.#commonTags,
      custom: this.#custom,
    };
    return points.flatMap((point) => {
      const { sample, refusals } = toSample(point, options);
      for (const reason of refusals) this.refusals.add(reason);
      return sample === undefined ? [] : [sample];
    });
  }
}

/** One input: HTTP, UDP, a unix socket or a broker. */
export interface Listener {
  /** As shown in errors. */
  readonly name: string;
  /** Why nothing can arrive at the moment, although it is open. */
  readonly problem?: string | undefined;
  /** At each run: adds what was lost before it could be read to the refusals. Never rejects. */
  countDrops?(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}
