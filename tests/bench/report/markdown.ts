export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Three significant digits, or all of them above 100: `0.123`, `7.25`, `45,123`. */
export function quantity(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** 0.25 → `25 %`. */
export function percent(ratio: number): string {
  return `${quantity(ratio * 100)} %`;
}

export function times(ratio: number): string {
  return ratio.toFixed(2);
}
