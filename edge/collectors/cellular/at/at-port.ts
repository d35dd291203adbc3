/** A serial port, as bytes. */
export interface AtPort {
  write(bytes: string): void;
  /** `onEnd` is called once, when the port closes for any reason. */
  listen(onBytes: (bytes: Buffer) => void, onEnd: (reason: string) => void): void;
  close(): Promise<void>;
}

export interface AtPortSettings {
  readonly path: string;
  readonly baudRate: number;
}

/** Rejects with an error that says why it cannot be opened. */
export type OpenAtPort = (settings: AtPortSettings) => Promise<AtPort>;
