/** Something that was refused, kept for a person to look at and, after a fix, to send in again. */
export interface QuarantineEntry {
  /** Grows by one an entry, across restarts. */
  readonly id: number;
  readonly atMs: number;
  /** As the topic named it; `unknown` when the topic was no agent's. */
  readonly agent: string;
  readonly epoch?: string;
  readonly seq?: number;
  /** Row within the batch, counted through all tables as sent. */
  readonly row?: number;
  readonly measurement?: string;
  readonly code: string;
  readonly reason: string;
  /** The refused row, as the validator saw it; a text when it was too long to keep whole. */
  readonly raw?: unknown;
  /** The head of a payload that could not be read at all, and how long it was. */
  readonly payloadBase64?: string;
  readonly payloadBytes?: number;
}

export type NewQuarantineEntry = Omit<QuarantineEntry, 'id' | 'atMs' | 'payloadBase64' | 'payloadBytes'> & {
  readonly payload?: Buffer;
};

export interface QuarantineQuery {
  readonly agent?: string;
  readonly code?: string;
  readonly limit: number;
  /** Only entries with a smaller id: the cursor of the next page. */
  readonly before?: number;
}

/** Lines that a crash cut short are left out. */
export function parseLines(text: string): QuarantineEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line);
      return typeof entry === 'object' && entry !== null && 'id' in entry ? [entry as QuarantineEntry] : [];
    } catch {
      return [];
    }
  });
}
