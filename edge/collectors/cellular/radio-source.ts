import type { RadioState } from './radio-state.ts';

export interface SourceReading {
  /** undefined: the modem could not be read. */
  readonly state?: RadioState | undefined;
  /** In words, without the modem's name. */
  readonly problems: readonly string[];
}

/** One modem, asked one way. read() is not called while a previous call is pending, and ends by itself. */
export interface RadioSource {
  /** Where it is asked, for messages: `/dev/ttyUSB2`. */
  readonly target: string;
  /** Never rejects but with the signal's reason. undefined: nothing is due to be asked. */
  read(signal: AbortSignal): Promise<SourceReading | undefined>;
  close(): Promise<void>;
}
