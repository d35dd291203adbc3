/** A condition with the limit of a level, which stands at its `…` or its end. Pure. */
export function conditionWords(condition: string, limit: string): string {
  return condition.includes('…') ? condition.replace('…', () => limit) : `${condition} ${limit}`.trim();
}
