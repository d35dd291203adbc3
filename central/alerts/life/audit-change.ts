/** For the audit log: what it was and what it is. */
export function describeChange(id: string, before: unknown, after: unknown): string {
  return `${id} ${JSON.stringify(before ?? null)} -> ${JSON.stringify(after ?? null)}`;
}
