import { Percentiles } from '../pipeline/percentiles.ts';
import { sleep } from '../sleep.ts';

export interface Asked {
  readonly title: string;
  readonly path: string;
  readonly times: number;
  readonly answerBytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Question {
  readonly title: string;
  readonly path: string;
}

export interface Pace {
  readonly clients: number;
  readonly seconds: number;
  /** Each asks this often; 0: as soon as it is answered. */
  readonly everyMs: number;
  /** How much of that passes from the first one's turn to the last one's: 0: all ask at the same instant; 1: their turns are spread evenly. */
  readonly spread: number;
}

/** Clients that ask one question after the other, and begin at different ones. Rejects where one is refused. */
export async function askAtOnce(
  get: (path: string) => Promise<string>,
  questions: readonly Question[],
  { clients, seconds, everyMs, spread }: Pace,
): Promise<readonly Asked[]> {
  const figures = questions.map(() => ({ latencies: new Percentiles(), times: 0, answerBytes: 0 }));
  const beginMs = performance.now();
  const client = async (number: number): Promise<void> => {
    const ownMs = (everyMs * spread * number) / clients;
    for (let turn = 0; ; turn++) {
      const waitMs = beginMs + turn * everyMs + ownMs - performance.now();
      if (waitMs > 0) await sleep(waitMs / 1_000);
      const startMs = performance.now();
      if (startMs - beginMs >= seconds * 1_000) return;
      const at = (number + turn) % questions.length;
      const [question, figure] = [questions[at], figures[at]];
      if (question === undefined || figure === undefined) return;
      const answer = await get(question.path);
      figure.latencies.add(performance.now() - startMs);
      figure.times++;
      figure.answerBytes = Math.max(figure.answerBytes, Buffer.byteLength(answer));
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return figures.map(({ latencies, times, answerBytes }, at) => ({
    ...{ title: questions[at]?.title ?? '', path: questions[at]?.path ?? '' },
    ...{ times, answerBytes, p50Ms: latencies.quantile(0.5), p99Ms: latencies.quantile(0.99) },
  }));
}
