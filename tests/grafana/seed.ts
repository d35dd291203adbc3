import type { FieldDefinition, MeasurementDefinition } from '../../contract/catalogue.ts';
import { sampleLine } from '../../contract/encode-line-protocol.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { FieldValue } from '../../contract/sample.ts';
import { panelsOf } from '../../dashboards/board.ts';
import { BOARDS } from '../../dashboards/boards/index.ts';
import { queriesOf } from '../../dashboards/panel/panel.ts';

/** Who is who among the values of each variable. */
export const DOWN = 1;
export const GAP = 2;
export const DIP = 3;
/** Names that have broken dashboards: a port with a slash, one that begins with a digit, a blank and letters beyond ASCII, a quote. */
export const AWKWARD = ['Gi0/1', '1/0/24', 'Quận 1', "O'x"];
const PLAIN = 4;
export const ENTITIES = PLAIN + AWKWARD.length;

/** Of the seed: minutes before its end. */
export const GAP_MINUTES = { from: 60, to: 40 };
const DOWN_MINUTES = 30;
const DIP_MINUTES = { from: 80, to: 70 };

const QUERIES = BOARDS.flatMap((board) => panelsOf(board).flatMap(queriesOf));
const VARIABLE_TAGS = new Set(
  BOARDS.flatMap(({ variables }) => variables.map(({ query }) => /KEY = "(\w+)"/.exec(query)?.[1] ?? '')),
);

/** The value of a tag for one of the entities; what no variable chooses by has two. */
export function tagOf(tag: string, entity: number): string {
  if (!VARIABLE_TAGS.has(tag)) return `${tag}-${entity % 2}`;
  const severities = ['critical', 'major', 'minor', 'warning'];
  return AWKWARD[entity - PLAIN] ?? (tag === 'severity' ? (severities[entity] ?? '') : `${tag}-${entity}`);
}

/** Tags that queries compare with words of the code. */
const FIXED: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  cpu: [{ cpu: 'cpu-total' }],
  agent: [{}, { collector: 'snmp' }],
  alarm_quality: [{ severity: '' }, {}],
  smart_attribute: [{ id: '5' }, { id: '197' }],
};

/** Rows of everything that dashboards ask for, a minute apart: with something down, a gap, a dip, an incident, planned work. */
export function* seedLines(toMs: number, minutes: number): Generator<string> {
  for (const name of asked()) {
    const measurement = CATALOGUE.get(name);
    if (measurement === undefined) throw new Error(`no measurement ${name}`);
    const tags = tagsOf(measurement);
    const fields = askedFields(measurement);
    for (const fixed of FIXED[name] ?? [{}]) {
      for (const entity of entities(tags)) {
        const own = Object.fromEntries(tags.map((tag) => [tag, tagOf(tag, entity)]));
        for (let minute = minutes; minute >= 0; minute--) {
          if (entity === GAP && minute <= GAP_MINUTES.from && minute > GAP_MINUTES.to) continue;
          const timeMs = toMs - minute * 60_000;
          const values = Object.fromEntries(
            fields.map(([field, definition]) => [
              field,
              valueOf({ measurement: name, field, definition, entity, minute, toMs }),
            ]),
          );
          yield sampleLine(
            { measurement: name, tags: { ...own, ...fixed }, fields: values, timeMs },
            CATALOGUE,
          );
        }
      }
    }
  }
}

/** Measurements of all queries. */
export function asked(): readonly string[] {
  const names = QUERIES.map(({ measurement }) => measurement);
  return [...new Set([...names, 'incident', 'maintenance'])].sort();
}

/** Fields of a measurement that some query names; of marks, all. */
export function askedFields({
  name,
  fields,
}: MeasurementDefinition): readonly (readonly [string, FieldDefinition])[] {
  const named = new Set(
    QUERIES.filter(({ measurement }) => measurement === name).flatMap(({ columns }) =>
      columns.map(({ source }) => source),
    ),
  );
  return Object.entries(fields).filter(
    ([field]) => named.size === 0 || named.has(field) || field === 'event',
  );
}

function tagsOf(measurement: MeasurementDefinition): readonly string[] {
  return Object.keys(measurement.tags).filter((tag) => tag !== 'collector');
}

/** Without a tag that tells them apart there is one series. */
function entities(tags: readonly string[]): readonly number[] {
  return tags.length === 0 ? [0] : Array.from({ length: ENTITIES }, (_, at) => at);
}

interface Moment {
  readonly measurement: string;
  readonly field: string;
  readonly definition: FieldDefinition;
  readonly entity: number;
  readonly minute: number;
  readonly toMs: number;
}

const TEXTS: Readonly<Record<string, string>> = {
  flow: 'go',
  store_limit: 'none',
  severity: 'critical',
  status: 'ok',
  model: 'linear',
};
const STATE_WORDS = ['down', 'unreachable', 'unknown', 'alert', 'up'];

function valueOf(moment: Moment): FieldValue {
  const { field, definition, entity, minute, toMs } = moment;
  const isDown = entity === DOWN && minute <= DOWN_MINUTES;
  if (field === 'state_code') return isDown ? 0 : 4;
  if (field === 'state') return STATE_WORDS[isDown ? 0 : 4] ?? '';
  if (field === 'event') return minute % 2 === 0 ? 'fired' : 'resolved';
  if (field === 'oper_status') return isDown ? 2 : 1;
  if (field === 'latitude') return 10.7 + entity / 50;
  if (field === 'longitude') return 106.6 + entity / 50;
  if (field === 'ended_at') return toMs - minute * 60_000 + 30 * 60_000;
  if (field === 'radio_availability_pct')
    return entity === DIP && minute <= DIP_MINUTES.from && minute > DIP_MINUTES.to ? 62 : 98.5;
  if (definition.type === 'string') return TEXTS[field] ?? `${field} ${entity}`;
  if (definition.type === 'bool') return !isDown;
  return numberOf(moment);
}

/** Within the range of its field; without an upper end it grows, as counters do. */
function numberOf({ definition: { type, min, max }, entity, minute }: Moment): number {
  const wave = (1 + Math.sin((minute + entity * 7) / 9)) / 2;
  const value =
    max === undefined
      ? Math.max(min ?? 0, 0) + 1_000 + entity + (100_000 - minute * 10)
      : (min ?? 0) + (max - (min ?? 0)) * (0.1 + 0.5 * wave);
  return type === 'int' ? Math.round(value) : value;
}
