import { z } from 'zod';

const LIMIT_MS = 20_000;

/** What /debug/vars of InfluxDB 1.x says of its HTTP endpoint; there is one such entry for each bound address. */
const httpdSchema = z.object({
  name: z.literal('httpd'),
  values: z.object({ pointsWrittenOK: z.int().nonnegative() }),
});

/** Points that clients have written since InfluxDB began. A point written twice counts twice. */
export async function writtenPoints(influxUrl: string): Promise<number> {
  const answer = await fetch(`${influxUrl}/debug/vars`, { signal: AbortSignal.timeout(LIMIT_MS) });
  if (!answer.ok) throw new Error(`InfluxDB answers ${answer.status}: ${await answer.text()}`);
  return pointsWrittenIn(await answer.json());
}

/** Pure. Throws if there is no such count. */
export function pointsWrittenIn(vars: unknown): number {
  const entries = Object.values(z.record(z.string(), z.unknown()).parse(vars));
  const counts = entries.flatMap((entry) => {
    const { success, data } = httpdSchema.safeParse(entry);
    return success ? [data.values.pointsWrittenOK] : [];
  });
  if (counts.length === 0) throw new Error('/debug/vars of InfluxDB has no httpd with pointsWrittenOK');
  return counts.reduce((sum, count) => sum + count, 0);
}
