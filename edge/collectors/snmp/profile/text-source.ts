import type { Conversation } from '../../../protocols/snmp/conversation.ts';
import { toText } from '../../../protocols/snmp/value.ts';
import type { System } from '../system.ts';
import type { TextSource } from './profile-schema.ts';

export interface FoundText {
  /** undefined: none of the sources has one. */
  readonly text: string | undefined;
  /** The first. */
  readonly error?: Error | undefined;
}

/** From the first source that has a text. */
export async function findText(
  conversation: Pick<Conversation, 'column'>,
  sources: readonly TextSource[] = [],
  { description }: Pick<System, 'description'>,
): Promise<FoundText> {
  let firstError: Error | undefined;
  for (const source of sources) {
    const column = source.from === 'sysDescr' ? undefined : await conversation.column(source.from);
    firstError ??= column?.error;
    const whole =
      column === undefined
        ? description
        : [...column.cells.values()].map(({ value }) => toText(value)).find((text) => text !== undefined);
    const text = partOf(whole, source);
    if (text !== undefined) return { text, error: firstError };
  }
  return { text: undefined, error: firstError };
}

/** What stands between `after` and `until`; undefined: nothing, or `after` is not there. Pure. */
export function partOf(
  whole: string | undefined,
  { after = [], until = [] }: Pick<TextSource, 'after' | 'until'>,
): string | undefined {
  if (whole === undefined) return undefined;
  const start = after.find((before) => whole.includes(before));
  if (after.length > 0 && start === undefined) return undefined;
  const rest = start === undefined ? whole : whole.slice(whole.indexOf(start) + start.length);
  const ends = until.map((end) => rest.indexOf(end)).filter((at) => at >= 0);
  const text = rest.slice(0, Math.min(rest.length, ...ends)).trim();
  return text === '' ? undefined : text;
}
