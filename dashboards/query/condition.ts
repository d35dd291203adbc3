/** What a row must fulfil. Texts are of the code, never of a person. */
export interface Condition<Name extends string = string, Kind extends 'tag' | 'field' = 'tag' | 'field'> {
  readonly source: Name;
  readonly kind: Kind;
  readonly text: string;
  readonly variable?: string;
}

/** A variable of the dashboard. */
interface Chosen {
  readonly name: string;
}

interface Asked<Name extends string, Kind extends 'tag' | 'field'> {
  is(value: string | number | boolean): Condition<Name, Kind>;
  isNot(value: string | number | boolean): Condition<Name, Kind>;
  isAbove(value: number): Condition<Name, Kind>;
  /** One of these. */
  isOneOf(values: readonly string[]): Condition<Name, Kind>;
  /** What is chosen in the dashboard. */
  isIn(variable: Chosen): Condition<Name, Kind>;
  /** InfluxDB has no row with an empty tag: such a row lacks it. */
  isAbsent(): Condition<Name, Kind>;
  isPresent(): Condition<Name, Kind>;
}

export function tag<Name extends string>(source: Name): Asked<Name, 'tag'> {
  return ask(source, 'tag');
}

export function field<Name extends string>(source: Name): Asked<Name, 'field'> {
  return ask(source, 'field');
}

function ask<Name extends string, Kind extends 'tag' | 'field'>(source: Name, kind: Kind): Asked<Name, Kind> {
  const condition = (comparison: string): Condition<Name, Kind> => ({
    source,
    kind,
    text: `"${source}" ${comparison}`,
  });
  return {
    is: (value) => condition(`= ${literal(value)}`),
    isNot: (value) => condition(`!= ${literal(value)}`),
    isAbove: (value) => condition(`> ${value}`),
    isOneOf: (values) => ({
      source,
      kind,
      text: `(${values.map((value) => `"${source}" = ${literal(value)}`).join(' OR ')})`,
    }),
    isIn: (variable) => ({ ...condition(matches(variable)), variable: variable.name }),
    isAbsent: () => condition("= ''"),
    isPresent: () => condition("!= ''"),
  };
}

/**
 * `:regex`: without it Grafana leaves what begins with a digit as it is, and the slashes of a port 1/0/24 would end the expression.
 * Always an expression, for one value too: a quote in a name would end a text.
 */
function matches(variable: Chosen): string {
  return `=~ /^\${${variable.name}:regex}$/`;
}

function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : String(value);
}
