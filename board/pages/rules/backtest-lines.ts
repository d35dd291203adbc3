import type { TestedAlert } from './compare.ts';

/** What a backtest answers, line by line (JSON Lines): see `POST /api/v1/rules/backtest`. */
export interface BacktestResult {
  readonly fromMs: number;
  readonly toMs: number;
  readonly series: number;
  readonly rows: number;
  readonly values: number;
  readonly alerts: {
    readonly total: number;
    readonly entities: number;
    readonly open: number;
    readonly told?: number;
    readonly byDay: readonly { readonly day: string; readonly fired: number; readonly isWhole: boolean }[];
    readonly listed: readonly (TestedAlert & {
      readonly severity: 'warning' | 'minor' | 'major' | 'critical';
      readonly startedAtMs: number;
      readonly endedAtMs?: number;
      readonly valueText: string;
    })[];
  };
  readonly gaps: {
    readonly count: number;
    /** The first 20. */
    readonly listed: readonly { readonly fromMs: number; readonly toMs: number }[];
  };
  readonly notJudged: readonly string[];
}

export type BacktestLine =
  | { readonly progress: { readonly done: number; readonly values: number; readonly alerts: number } }
  | { readonly result: BacktestResult }
  | { readonly error: { readonly code: string; readonly detail: string } };

/** The lines of an answer while it comes. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<BacktestLine> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value = '' } = await reader.read();
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line) as BacktestLine;
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
