import type { Text } from '../../contract/catalogue.ts';

/** Where a number leads to. */
export interface Link {
  readonly title: Text;
  /** Uid of the dashboard. */
  readonly to: string;
  /** Values of its variables. */
  readonly values: Readonly<Record<string, LinkValue>>;
}

/** A field of the row, a label of the series, or what is chosen in this dashboard. */
export type LinkValue =
  | { readonly row: string }
  | { readonly label: string }
  | { readonly chosen: string }
  | { readonly text: string };

export function link(to: string, title: Text, values: Link['values'] = {}): Link {
  return { to, title, values };
}

/** Percent-encoded, as a name may have an ampersand; with the time that is chosen here. */
export function linkUrl({ to, values }: Link): string {
  const parts = Object.entries(values).map(([variable, value]) => parameter(variable, value));
  return `/d/${to}?${[...parts, '${__url_time_range}'].join('&')}`;
}

function parameter(variable: string, value: LinkValue): string {
  if ('row' in value) return `var-${variable}=\${__data.fields.${value.row}:percentencode}`;
  if ('label' in value) return `var-${variable}=\${__field.labels.${value.label}:percentencode}`;
  if ('text' in value) return `var-${variable}=${encodeURIComponent(value.text)}`;
  // Writes `var-NAME=` itself, once for each value.
  return `\${${value.chosen}:queryparam}`;
}
