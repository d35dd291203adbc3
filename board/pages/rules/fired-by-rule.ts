interface Statistics {
  readonly rules: readonly { readonly rule: string; readonly fired: number }[];
  readonly truncated: boolean;
}

/** How often a rule has fired; undefined: not known. One that the whole list lacks has not fired. Pure. */
export function firedByRule(statistics: Statistics | undefined): (rule: string) => number | undefined {
  const counts = new Map(statistics?.rules.map(({ rule, fired }) => [rule, fired]));
  const otherwise = statistics?.truncated === false ? 0 : undefined;
  return (rule) => counts.get(rule) ?? otherwise;
}
