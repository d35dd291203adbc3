import type { RadioState } from './radio-state.ts';

export interface SourceReading {
  /** undefined: the modem could not be read. */
  readonly state?: RadioState | undefined;
  /** Texts without the modem's name. */
  readonly problems: readonly string[];
}

/** Access to one modem. read() is not called while a previous call is pending, and always ends. */
export interface RadioSource {
  /** Port or address, for messages: `/dev/ttyUSB2`. */
  readonly target: string;
  /** Rejects only with the signal's reason. undefined: nothing was due. */
  read(signal: AbortSignal): Promise<SourceReading | undefined>;
  close(): Promise<void>;
}
