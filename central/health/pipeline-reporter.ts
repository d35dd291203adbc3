import type { Clock } from '../../runtime/clock.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { pipelineSample, type PipelineReading } from './pipeline-sample.ts';

export interface PipelineReporterDeps {
  readonly read: () => PipelineReading;
  readonly own: OwnSamples;
  readonly clock: Clock;
}

/** Writes central's own health; each call covers the time since the one before. */
export class PipelineReporter {
  readonly #deps: PipelineReporterDeps;
  #before: PipelineReading;

  constructor(deps: PipelineReporterDeps) {
    this.#deps = deps;
    this.#before = deps.read();
  }

  report(): void {
    const { read, own, clock } = this.#deps;
    const now = read();
    own.write([pipelineSample(this.#before, now, clock.now())]);
    this.#before = now;
  }
}
