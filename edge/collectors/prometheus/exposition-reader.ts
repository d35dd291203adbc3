import { ExpositionError, metricNameOf, parseMetric, type Metric } from './exposition.ts';

/** Limit of one scrape. kube-state-metrics of a large cluster sends some 30 MiB. */
export const MAX_BYTES = 64 * 1024 * 1024;
export const MAX_LINE_CHARS = 64 * 1024;
export const MAX_METRICS = 200_000;

/**
 * Parses an exporter's text as it arrives and keeps only wanted metrics, so that memory is bounded by what is used, not by
 * what is sent. Throws an ExpositionError for the whole text: sums over the rest would be wrong.
 */
export class ExpositionReader {
  readonly #wanted: ReadonlySet<string>;
  readonly #decoder = new TextDecoder('utf-8', { fatal: false });
  readonly #metrics = new Map<string, Metric>();
  #unfinished = '';
  #bytes = 0;
  #line = 0;
  #hasEnded = false;

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BYTES) throw new ExpositionError(`more than ${MAX_BYTES} bytes`);
    const lines = (this.#unfinished + this.#decoder.decode(chunk, { stream: true })).split('\n');
    this.#unfinished = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
    if (this.#unfinished.length > MAX_LINE_CHARS) refuseLine(this.#line + 1);
  }

  /** The wanted metrics. An OpenMetrics text without its last line `# EOF` is incomplete. */
  end(options: { readonly isOpenMetrics: boolean }): readonly Metric[] {
    this.#read(this.#unfinished + this.#decoder.decode());
    if (options.isOpenMetrics && !this.#hasEnded) throw new ExpositionError('incomplete: # EOF is missing');
    return [...this.#metrics.values()];
  }

  #read(text: string): void {
    this.#line++;
    if (text.length > MAX_LINE_CHARS) refuseLine(this.#line);
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '# EOF') this.#hasEnded = true;
    try {
      const name = metricNameOf(line);
      if (name === undefined || !this.#wanted.has(name)) return;
      const metric = parseMetric(line, name);
      if (metric !== undefined) this.#metrics.set(metric.key, metric);
    } catch (error) {
      if (!(error instanceof ExpositionError)) throw error;
      throw new ExpositionError(`line ${this.#line}: ${error.message}`, { cause: error });
    }
    if (this.#metrics.size > MAX_METRICS)
      throw new ExpositionError(`more than ${MAX_METRICS} wanted metrics`);
  }
}

function refuseLine(line: number): never {
  throw new ExpositionError(`line ${line} is longer than ${MAX_LINE_CHARS} characters`);
}
