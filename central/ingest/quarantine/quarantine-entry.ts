/** Something that was refused, kept for a person to inspect and, after a fix, to send again. */
export interface QuarantineEntry {
  /** Grows by one per entry, across restarts. */
  readonly id: number;
  readonly atMs: number;
  /** From the topic; `unknown` when the topic was not of an agent. */
  readonly agent: string;
  readonly epoch?: string;
  readonly seq?: number;
  /** Row within the batch, counted through all tables as sent. */
  readonly row?: number;
  readonly measurement?: string;
  readonly code: string;
  readonly reason: string;
  /** The refused row as the validator got it; cut to a text when it was too long. */
  readonly raw?: unknown;
  /** The start of a payload that could not be read at all, and its whole length. */
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

/** Skips lines that a crash cut short. */
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
