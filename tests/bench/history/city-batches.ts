import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { InventoryFile } from '../../../contract/inventory.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleBatch, SampleRow } from '../../../central/samples/sample-table.ts';
import { Series } from '../../../central/samples/series.ts';
import { tagNames } from '../../../central/samples/tag-names.ts';
import { buildCity } from '../../../simulators/city/build-city.ts';

export interface Round {
  readonly batch: SampleBatch;
  readonly values: number;
}

const EPOCH = 'filled00';

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

  /** As agents send it: a batch of each. */
  eachAt(timeMs: number): readonly Round[] {
    const seq = this.#seq++;
    return this.#agents.map((agent) => {
      const { tables, values } = this.#measured([agent], timeMs);
      return { batch: { agent, epoch: EPOCH, seq, tables }, values };
    });
  }

  #measured(agents: readonly string[], timeMs: number) {
    const rowsOf = new Map<string, SampleRow[]>();
    let values = 0;
    for (const agent of agents) {
      for (const sample of this.#model.samplesAt(agent, timeMs) ?? []) {
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
