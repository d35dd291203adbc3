import type { Series } from './frames.ts';

export interface Answer {
  readonly error?: string;
  readonly series: readonly Series[];
  readonly bytes: number;
  readonly tookMs: number;
}

/** Asks as Grafana does: POST, times in ms, one statement. */
export async function ask(url: string, query: string): Promise<Answer> {
  const before = performance.now();
  const response = await fetch(`${url}/query?db=wardwatch&epoch=ms`, {
    method: 'POST',
    body: new URLSearchParams({ q: query }),
  });
  const text = await response.text();
  const tookMs = performance.now() - before;
  const body = JSON.parse(text) as {
    error?: string;
    results?: readonly { error?: string; series?: readonly Series[] }[];
  };
  const [result] = body.results ?? [];
  const error = body.error ?? result?.error;
  return { ...(error !== undefined && { error }), series: result?.series ?? [], bytes: text.length, tookMs };
}

export async function write(url: string, lines: readonly string[]): Promise<void> {
  for (let at = 0; at < lines.length; at += 5_000) {
    const body = lines.slice(at, at + 5_000).join('\n');
    const response = await fetch(`${url}/write?db=wardwatch&precision=ns`, { method: 'POST', body });
    if (response.status !== 204) throw new Error(`InfluxDB refused a write: ${await response.text()}`);
  }
}
