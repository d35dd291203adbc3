/** What the dashboards of this project ask, in Grafana's classic JSON. Pure. */

/** Every query of every panel, also of those in collapsed rows: `{ panel, target }`. */
export function targetsOf(dashboard) {
  const panels = (dashboard.panels ?? []).flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return panels.flatMap((panel) =>
    (panel.targets ?? [])
      .filter((target) => target.query !== undefined && target.hide !== true)
      .map((target) => ({
        panel: panel.title ?? `panel ${panel.id}`,
        target: { ...target, datasource: target.datasource ?? panel.datasource },
      })),
  );
}

const HIDDEN = 2;

/** The variables in the order in which they depend on each other: `{ name, query?, value?, isHidden }`. What is hidden may have no value. */
export function variablesOf(dashboard) {
  return (dashboard.templating?.list ?? []).map((variable) => ({
    name: variable.name,
    isHidden: variable.hide === HIDDEN,
    ...(variable.type === 'query'
      ? { query: queryText(variable.query), datasource: variable.datasource }
      : { value: fixedValue(variable) }),
  }));
}

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The variables that are the ends of the time that is shown, Unix time in ms. */
export function timesOf({ time }, nowMs) {
  const [, count = '3', unit = 'h'] = /^now-(\d+)([smhd])$/.exec(time?.from ?? '') ?? [];
  return { __from: String(nowMs - Number(count) * UNIT_MS[unit]), __to: String(nowMs) };
}

/** The text with `$name`, `${name}` and `${name:format}` replaced; macros and what is not known stay as they are. */
export function fillIn(text, values) {
  return text.replace(/\$(?:\{(\w+)(?::(\w+))?\}|(\w+))/g, (all, braced, format, plain) => {
    const value = values[braced ?? plain];
    if (value === undefined) return all;
    return format === 'raw' || format === 'text' ? value : escapeRegex(value);
  });
}

function queryText(query) {
  return typeof query === 'string' ? query : (query?.query ?? '');
}

function fixedValue({ current, query, options, auto, auto_min: leastStep }) {
  if (auto === true) return leastStep;
  const chosen = [current?.value].flat()[0];
  if (chosen !== undefined && chosen !== '' && chosen !== '$__all') return String(chosen);
  const [first] = (options ?? []).map(({ value }) => value).filter((value) => value !== '$__all');
  if (first !== undefined) return String(first);
  return String(query ?? '')
    .split(',')[0]
    .split(' : ')
    .at(-1)
    .trim();
}

/** As Grafana does for a variable within a regular expression of InfluxQL. */
function escapeRegex(value) {
  return value.replace(/[\\^$*+?.()|[\]{}/]/g, '\\$&');
}
