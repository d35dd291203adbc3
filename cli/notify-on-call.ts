import type { z } from 'zod';
import { onCallSchema } from '../central/api/routes/on-call.ts';
import { gapTexts, timeText } from '../central/notify/on-call/gap-text.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { CentralRefusal, createCentralClient } from './central-client.ts';
import { print } from './terminal.ts';
import { textTable } from './text-table.ts';

type OnCallAnswer = z.infer<typeof onCallSchema>;

/** Prints who is on call, by the running central. */
export async function runNotifyOnCall(
  options: { readonly url: string; readonly tokenFile: string; readonly at?: string },
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  const query = options.at === undefined ? '' : `?at=${encodeURIComponent(options.at)}`;
  try {
    print(onCallText(await client.call('GET', `/on-call${query}`, onCallSchema)));
  } catch (error) {
    if (error instanceof CentralRefusal) throw new UserError(EXIT.failure, error.problems, error);
    throw error;
  }
}

/** Pure. Times are those of the calendar's zone. */
export function onCallText({ layers, gaps }: OnCallAnswer): string {
  if (layers.length === 0) return 'No calendar is configured: onCall in routes.yaml.\n';
  const rows = layers.map(({ calendar, timeZone, layer, person, isOverride, untilMs, next }) => [
    calendar,
    layer,
    person === undefined ? 'nobody' : `${person.name}${isOverride ? ' (stands in)' : ''}`,
    person?.channels.join(', ') ?? '',
    untilMs === undefined ? '' : `${timeText(untilMs, timeZone)} ${timeZone}`,
    untilMs === undefined ? '' : (next?.name ?? 'nobody'),
  ]);
  const table = textTable(['calendar', 'layer', 'on call', 'told by', 'until', 'then'], rows);
  const found = gapTexts(gaps).map((text) => `${text}\n`);
  return `${table}${found.length === 0 ? '' : `\n${found.join('')}`}`;
}
