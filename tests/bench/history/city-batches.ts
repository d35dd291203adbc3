import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import { MOBILE_OPERATORS } from '../../../contract/mobile-operators.ts';
import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { SampleBatch, SampleRow } from '../../../central/samples/sample-table.ts';
import { Series } from '../../../central/samples/series.ts';
import { tagNames } from '../../../central/samples/tag-names.ts';
import { buildCity } from '../../../simulators/city/build-city.ts';

export interface Round {
  readonly batch: SampleBatch;
  readonly values: number;
}

const EPOCH = 'filled00';
const OPERATORS = MOBILE_OPERATORS.slice(0, 3);

/** What every so many-th agent of the reference city measures, as the store is given it: in one batch or one of each. */
export class CityBatches {
  readonly #model = buildCity({ seed: 1, unitCount: 168, interfacesPerNode: 48 });
  readonly #agents: readonly string[];
  readonly #series = new Map<string, Series>();
  readonly #names = new Map(
    [...CATALOGUE.values()].map((definition) => [
      definition.name,
      { tags: tagNames(definition), fields: Object.keys(definition.fields) },
    ]),
  );
  #seq = 1;
  readonly #seqOf = new Map<string, number>();

  constructor(everyNthAgent: number) {
    this.#agents = this.#model.inventory.agents
      .map(({ id }) => id)
      .filter((_, at) => at % everyNthAgent === 0);
  }

  get inventory(): InventoryFile {
    return this.#model.inventory;
  }

  at(timeMs: number): Round {
    const { tables, values } = this.#measured(this.#agents, timeMs);
    return { batch: { agent: 'city', epoch: EPOCH, seq: this.#seq++, tables }, values };
  }

  /** What the store gets of one time: of so many agents, none with 0, and of central's own coverage. */
  *roundAt(timeMs: number, everyNthAgent: number): Iterable<Round> {
    if (everyNthAgent > 0) yield* this.eachAt(timeMs, everyNthAgent);
    const { tables, values } = this.#tables(
      this.#coverageAt(timeMs).map((sample) => [CENTRAL_AGENT, sample]),
    );
    yield { batch: { agent: CENTRAL_AGENT, epoch: EPOCH, seq: this.#seq++, tables }, values };
  }

  /** Each unit has modems of three operators, in 5G and 4G. */
  #coverageAt(timeMs: number): Sample[] {
    return this.inventory.units.flatMap(({ code }) =>
      OPERATORS.flatMap((operator) =>
        ['nr', 'lte'].map((rat): Sample => {
          const counts = { samples: 30, samples_covered: 29, modems_count: 5 };
          const fields = { ...counts, dips_count: 1, dip_s: 12.5, fallbacks_count: 0 };
          return { measurement: 'coverage', tags: { unit: code, operator, rat }, fields, timeMs };
        }),
      ),
    );
  }

  /** As agents send it: a batch of every so many-th of them, made when it is asked for. */
  *eachAt(timeMs: number, everyNthAgent = 1): Iterable<Round> {
    for (const [at, agent] of this.#agents.entries()) {
      if (at % everyNthAgent !== 0) continue;
      const { tables, values } = this.#measured([agent], timeMs);
      const seq = (this.#seqOf.get(agent) ?? 0) + 1;
      this.#seqOf.set(agent, seq);
      yield { batch: { agent, epoch: EPOCH, seq, tables }, values };
    }
  }

  #measured(agents: readonly string[], timeMs: number) {
    return this.#tables(
      agents.flatMap((agent) =>
        (this.#model.samplesAt(agent, timeMs) ?? []).map((sample) => [agent, sample] as const),
      ),
    );
  }

  #tables(samples: readonly (readonly [agent: string, sample: Sample])[]) {
    const rowsOf = new Map<string, SampleRow[]>();
    let values = 0;
    for (const [agent, sample] of samples) {
      const { measurement, tags, fields } = sample;
      const rows = rowsOf.get(measurement) ?? [];
      rowsOf.set(measurement, rows);
      const present: Readonly<Record<string, FieldValue | undefined>> = fields;
      rows.push({
        series: this.#seriesOf(measurement, { ...tags, agent }),
        timeMs: sample.timeMs,
        values: this.#namesOf(measurement).fields.map((field) => present[field]),
      });
      values += Object.keys(fields).length;
    }
    const tables = [...rowsOf].map(([measurement, rows]) => ({
      measurement,
      ...this.#namesOf(measurement),
      rows,
    }));
    return { tables, values };
  }

  #namesOf(measurement: string) {
    return this.#names.get(measurement) ?? { tags: [], fields: [] };
  }

  #seriesOf(measurement: string, tags: Readonly<Record<string, string | undefined>>): Series {
    const values = this.#namesOf(measurement).tags.map((name) => tags[name]);
    const key = `${measurement}\0${values.join('\0')}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = new Series(measurement, values);
      this.#series.set(key, series);
    }
    return series;
  }
}
