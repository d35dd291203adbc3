/** A serial line, as bytes. */
export interface AtPort {
  write(bytes: string): void;
  /** `onEnd` comes once: the line is gone, for whatever reason. */
  listen(onBytes: (bytes: Buffer) => void, onEnd: (reason: string) => void): void;
  close(): Promise<void>;
}

export interface AtPortSettings {
  readonly path: string;
  readonly baudRate: number;
}

/** Rejects with an error that says why it cannot be opened. */
export type OpenAtPort = (settings: AtPortSettings) => Promise<AtPort>;
