import type { FieldValue, Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Collected } from '../collector.ts';
import type { DipRow } from './dips/dip.ts';
import type { DipsRecord } from './dips/dips-record.ts';
import { DipFinder } from './dips/dip-finder.ts';
import { dipSample } from './dips/dip-sample.ts';
import type { DipRule } from './dips/rules.ts';
import type { CellOf } from '../../../runtime/h3-cells.ts';
import { operatorOf } from '../../../contract/operator-codes.ts';
import { plausibleFields } from './plausible-fields.ts';
import type { RadioSource, SourceReading } from './radio-source.ts';
import type { Position, RadioState } from './radio-state.ts';
import { DueTimes } from './due-times.ts';
import { PendingRead } from './pending-read.ts';

export interface ModemOptions {
  readonly device: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly position: Position | undefined;
  readonly reportEveryMs: number;
  readonly dipRules: readonly DipRule[];
}

export interface ModemDeps {
  readonly source: RadioSource;
  readonly record: DipsRecord;
  readonly clock: Clock;
  /** Loads once. */
  readonly loadCells: () => Promise<CellOf>;
}

/** Interval of writing an open dip: a power cut loses at most this much of its length. */
const WRITE_DIPS_EVERY_MS = 60_000;

interface Evaluated {
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly problems: readonly string[];
}

/** One modem: every reading goes to the dip finder, some are sent. */
export class Modem {
  readonly #options: ModemOptions;
  readonly #deps: ModemDeps;
  readonly #dueTimes: DueTimes;
  readonly #pendingRead: PendingRead<SourceReading | undefined>;
  /** Of the last reading, repeated until the next one. */
  #errors: readonly Error[] = [];
  #finder: DipFinder | undefined;
  #lastChange: string | undefined;
  #cellOf: CellOf | undefined;

  constructor(options: ModemOptions, deps: ModemDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#dueTimes = new DueTimes(deps.clock);
    this.#pendingRead = new PendingRead((signal) => deps.source.read(signal), deps.clock);
  }

  /** Waits for the pending read until the signal aborts; a slow read continues over several runs. */
  async collect(signal: AbortSignal): Promise<Collected> {
    const outcome = await this.#pendingRead.next(signal);
    if (outcome === 'later' || outcome === undefined) return { samples: [], errors: this.#errors };
    const { samples, problems } = await this.#take(outcome);
    this.#errors = problems.map((problem) => this.#error(problem));
    return { samples, errors: this.#errors };
  }

  async #take(
    outcome: SourceReading | Error,
  ): Promise<{ samples: readonly Sample[]; problems: readonly string[] }> {
    if (outcome instanceof Error) return { samples: [], problems: [outcome.message] };
    const { state, problems } = outcome;
    if (state === undefined) return { samples: [], problems };
    const timeMs = this.#deps.clock.now();
    const evaluated = await this.#evaluate(state);
    const dips = this.#findDips(state, evaluated, timeMs);
    return {
      samples: [...this.#report(state, evaluated, timeMs), ...dips],
      problems: [...problems, ...evaluated.problems],
    };
  }

  async close(): Promise<void> {
    await this.#pendingRead.stop();
    await this.#deps.source.close();
    if (this.#finder?.hasOpenDip === true) this.#deps.record.write(this.#finder.memory);
  }

  async #evaluate(state: RadioState): Promise<Evaluated> {
    const { rat, band, registered, roaming, plmn } = state;
    const position = state.position ?? this.#options.position;
    if (position !== undefined) this.#cellOf ??= await this.#deps.loadCells();
    const operator = operatorOf(plmn);
    const { fields, problems } = plausibleFields(
      'cellular',
      { ...state.fields, registered, roaming, h3_cell: position && this.#cellOf?.(position), ...position },
      rat,
    );
    const tags = {
      ...(operator !== undefined && { operator }),
      ...(rat !== undefined && { rat }),
      ...(band !== undefined && rat !== 'none' && { band }),
    };
    return { tags, fields, problems };
  }

  #report(state: RadioState, { tags, fields }: Evaluated, timeMs: number): Sample[] {
    const change = `${state.rat === 'lte_ca' ? 'lte' : (state.rat ?? '')} ${String(state.registered)}`;
    const isChanged = change !== this.#lastChange;
    this.#lastChange = change;
    if (isChanged) this.#dueTimes.forget('report');
    if (!this.#dueTimes.isDue('report', this.#options.reportEveryMs)) return [];
    if (Object.keys(fields).length === 0) return [];
    return [{ measurement: 'cellular', tags: { ...this.#tags, ...tags }, fields, timeMs }];
  }

  #findDips({ rat, registered }: RadioState, { tags, fields }: Evaluated, timeMs: number): Sample[] {
    const { record } = this.#deps;
    const finder = (this.#finder ??= new DipFinder(this.#options.dipRules, record.read()));
    const h3Cell = fields['h3_cell'];
    const row: DipRow = {
      timeMs,
      rat,
      registered,
      rsrpDbm: numberIn(fields, 'rsrp_dbm'),
      sinrDb: numberIn(fields, 'sinr_db'),
      labels: { ...tags, ...(typeof h3Cell === 'string' && { h3_cell: h3Cell }) },
    };
    const events = finder.push(row);
    const isDue = finder.hasOpenDip && this.#dueTimes.isDue('record', WRITE_DIPS_EVERY_MS);
    if (events.length > 0 || isDue) record.write(finder.memory);
    return events.map((event) => dipSample(event, this.#tags));
  }

  get #tags(): Readonly<Record<string, string>> {
    return { ...this.#options.tags, device: this.#options.device };
  }

  #error(problem: string): Error {
    return new Error(`cellular ${this.#options.device} (${this.#deps.source.target}): ${problem}`);
  }
}

function numberIn(fields: Evaluated['fields'], name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' ? value : undefined;
}
