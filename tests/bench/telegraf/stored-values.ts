import { z } from 'zod';

const LIMIT_MS = 60_000;

const seriesSchema = z.object({
  columns: z.array(z.string()),
  values: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
});
/** Answer of /query of InfluxDB 1.x to one statement; without `series` nothing is stored. */
const answerSchema = z.object({
  results: z.tuple([z.object({ error: z.string().optional(), series: z.array(seriesSchema).default([]) })]),
});

/** Values of different series and times that a database holds: what was written twice counts once. */
export async function storedValues(influxUrl: string, database: string): Promise<number> {
  const query = new URLSearchParams({ db: database, q: 'SELECT count(*) FROM /.*/' });
  const answer = await fetch(`${influxUrl}/query?${query.toString()}`, {
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!answer.ok) throw new Error(`InfluxDB answers ${answer.status}: ${await answer.text()}`);
  return valuesCountedIn(await answer.json());
}

/** Pure: the sum of all counts. Throws with what InfluxDB says of the query. */
export function valuesCountedIn(answer: unknown): number {
  const [{ error, series }] = answerSchema.parse(answer).results;
  if (error !== undefined) throw new Error(`InfluxDB refuses to count: ${error}`);
  return series.reduce((sum, { columns, values }) => {
    const counts = values.flatMap((row) => row.filter((_, at) => columns[at]?.startsWith('count_') === true));
    return sum + counts.reduce<number>((all, count) => all + Number(count ?? 0), 0);
  }, 0);
}
