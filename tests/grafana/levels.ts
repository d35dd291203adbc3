import {
  createPolicyStatement,
  MEMORY_POLICY,
  rollUpStatement,
  standingLines,
} from '../../central/store/influx/history-statements.ts';
import { LEVELS } from '../../central/store/history/levels.ts';
import { historyPolicy, historySuffix } from '../../contract/influx-history.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { runOnInflux } from '../support/influx.ts';
import type { Range } from './expand.ts';
import type { Target } from './targets.ts';

const HOUR_MS = 3_600_000;
/** Statements in one request. */
const AT_ONCE = 100;

/** What the hidden variable is where this target answers. */
export function levelOf({ query }: Target): string {
  const level = LEVELS.find(({ name }) => query.includes(`"${historyPolicy(name)}"./`));
  return level === undefined ? '' : historySuffix(level.name);
}

/** Minutes and hours of all numbers, by the statements of central. */
export async function rollUp(url: string, { fromMs, toMs }: Range): Promise<void> {
  const hours = {
    fromMs: Math.floor(fromMs / HOUR_MS) * HOUR_MS,
    toMs: Math.ceil((toMs + 1) / HOUR_MS) * HOUR_MS,
  };
  for (const { name } of LEVELS) {
    const window = { level: name, ...hours };
    const statements = [...CATALOGUE.values()].flatMap(({ name: measurement, fields }) =>
      Object.entries(fields)
        .filter(([, { type }]) => type === 'float' || type === 'int')
        .map(([field]) => rollUpStatement({ measurement, field, window, agents: undefined })),
    );
    await runOnInflux(url, createPolicyStatement('wardwatch', name));
    for (let at = 0; at < statements.length; at += AT_ONCE)
      await runOnInflux(url, statements.slice(at, at + AT_ONCE).join(';'), { db: 'wardwatch' });
  }
}

/** As central remembers it. */
export async function standing(
  url: string,
  { rawFromMs, minuteFromMs }: { readonly rawFromMs: number; readonly minuteFromMs: number },
): Promise<void> {
  const body = standingLines({
    rawFromMs,
    minute: { fromMs: minuteFromMs, rolledToMs: undefined },
    hour: { fromMs: undefined, rolledToMs: undefined },
  });
  const response = await fetch(`${url}/write?db=wardwatch&precision=ms&rp=${MEMORY_POLICY}`, {
    method: 'POST',
    body,
  });
  if (response.status !== 204) throw new Error(`InfluxDB refused a write: ${await response.text()}`);
}
