/** What an event has; `event-log.ts` says what each means. */
interface ToldEvent {
  readonly kind: string;
  readonly atMs: number;
  readonly unit?: string | undefined;
  readonly site?: string | undefined;
  readonly device?: string | undefined;
  readonly agent?: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** As a reader of Server-Sent Events (HTML, 9.2) gets it. */
export function eventMessage(
  id: string,
  { kind, atMs, unit, site, device, agent, detail }: ToldEvent,
): string {
  return `id: ${id}\n${message(kind, { kind, atMs, unit, site, device, agent, detail })}`;
}

/** JSON has no line breaks of its own. */
export function message(name: string, data: Readonly<Record<string, unknown>>): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
