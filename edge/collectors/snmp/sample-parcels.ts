import type { Sample } from '../../../contract/sample.ts';
import type { Collected, CollectorDeps } from '../collector.ts';
import type { DevicePoll } from './poll.ts';

/** About what one message to central holds. */
const PARCEL_SAMPLES = 400;

/**
 * What the devices of one run told. It is handed over in parcels while others are still read: ten thousand samples that wait for the slowest device
 * would all have to be moved by the garbage collector, which costs more than to read them.
 */
export class SampleParcels {
  readonly #deps: Pick<CollectorDeps, 'commonTags' | 'handOver'>;
  readonly #errors: Error[];
  #samples: Sample[] = [];
  #hasHandedOver = false;

  constructor(deps: Pick<CollectorDeps, 'commonTags' | 'handOver'>, problems: readonly Error[]) {
    this.#deps = deps;
    this.#errors = [...problems];
  }

  add({ readings, deviceName, errors }: DevicePoll): void {
    const { commonTags, handOver } = this.#deps;
    const ownTags = { ...commonTags, device: deviceName };
    for (const { measurement, tags, fields, timeMs } of readings)
      this.#samples.push({ measurement, tags: { ...ownTags, ...tags }, fields, timeMs });
    this.#errors.push(...errors);
    if (handOver === undefined || this.#samples.length < PARCEL_SAMPLES) return;
    this.#hasHandedOver = true;
    handOver(this.#samples, () => undefined);
    this.#samples = [];
  }

  /** What was not handed over. Throws the first error if there were no samples at all. */
  rest(): Collected {
    const [first] = this.#errors;
    if (this.#samples.length === 0 && !this.#hasHandedOver && first !== undefined) throw first;
    return { samples: this.#samples, errors: this.#errors };
  }
}
