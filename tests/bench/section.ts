export interface Bar {
  readonly name: string;
  readonly bar: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface SectionResult {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly bars?: readonly Bar[];
  /** For the JSON file. */
  readonly raw: unknown;
}

export interface BenchContext {
  /** Where the built programs are. */
  readonly dist: string;
  readonly seconds: number;
}

export interface Section {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<SectionResult>;
}

export function rounded(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1);
}

export function percentOf(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

export function ratioOf(ours: number, reference: number): string {
  return (ours / reference).toFixed(2);
}

export function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
