import type { Frame, GrafanaData } from './grafana-data.ts';
import type { Target } from './targets.ts';

export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

interface DraftField {
  readonly name: string;
  readonly type: string;
  readonly values: readonly unknown[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly config: object;
}

/** The answer of InfluxDB as Grafana's data source hands it to panels. */
export function framesOf(data: GrafanaData, target: Target, series: readonly Series[]): readonly Frame[] {
  const frames =
    target.resultFormat === 'table' ? tableOf(series) : series.flatMap((each) => seriesFrames(target, each));
  return frames.map(({ name, fields }) => data.createDataFrame({ name, refId: target.refId, fields }));
}

/** One frame for all: the time, tags (in no order that can be relied on: here backwards), then the columns. */
function tableOf(series: readonly Series[]): { name: string; fields: DraftField[] }[] {
  const [first] = series;
  if (first === undefined) return [];
  const rows = series.flatMap((each) => each.values.map((values) => ({ tags: each.tags ?? {}, values })));
  const tags = Object.keys(first.tags ?? {}).reverse();
  const fields = [
    field(
      'Time',
      'time',
      rows.map(({ values }) => values[0]),
    ),
    ...tags.map((tag) =>
      field(
        tag,
        'string',
        rows.map((row) => row.tags[tag]),
      ),
    ),
    ...first.columns.slice(1).map((column, at) =>
      valueField(
        column,
        rows.map(({ values }) => values[at + 1]),
      ),
    ),
  ];
  return [{ name: first.name, fields }];
}

/** A frame for each column, named by the alias. */
function seriesFrames(
  { alias = '' }: Target,
  { name, tags = {}, columns, values }: Series,
): { name: string; fields: DraftField[] }[] {
  return columns.slice(1).map((column, at) => {
    const shown = alias.replace(
      /\$(\w+)|\[\[([\s\S]+?)\]\]/g,
      (whole, plain?: string, bracketed?: string) => {
        const key = plain ?? bracketed ?? '';
        if (key === 'col') return column;
        if (key === 'm' || key === 'measurement') return name;
        return key.startsWith('tag_') ? (tags[key.slice(4)] ?? whole) : whole;
      },
    );
    const numbers = valueField(
      'Value',
      values.map((row) => row[at + 1]),
    );
    return {
      name: shown,
      fields: [
        field(
          'Time',
          'time',
          values.map(([time]) => time),
        ),
        { ...numbers, labels: tags, config: { displayNameFromDS: shown } },
      ],
    };
  });
}

function valueField(name: string, values: readonly unknown[]): DraftField {
  const known = values.find((value) => value !== null && value !== undefined);
  const type = typeof known === 'string' ? 'string' : typeof known === 'boolean' ? 'boolean' : 'number';
  return { ...field(name, type, values), config: { displayNameFromDS: name } };
}

function field(name: string, type: string, values: readonly unknown[]): DraftField {
  return { name, type, values: values.map((value) => value ?? null), config: {} };
}
