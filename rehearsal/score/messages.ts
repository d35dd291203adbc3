import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { SentMessage } from '../central/recording-channel.ts';
import { PAGER } from '../central/routes.ts';
import type { Recorded } from '../record.ts';
import type { Trouble } from '../truth/trouble.ts';

/** A channel that heard of the begin of what is over, and not of its end. */
export interface Orphan {
  readonly channel: string;
  readonly alert: AlertDetail;
}

/** What is told in the last minutes may have its end after the record. */
const END_SLACK_MS = 120_000;
type MessageAlerts = SentMessage['message']['alerts'];

/** Alerts that a message tells of for the first time. */
export function beginsOf({ alerts }: SentMessage['message']): MessageAlerts {
  return alerts.filter(({ what, toldSeverity }) => what !== 'end' && toldSeverity === undefined);
}

export function beginsByAlert(messages: readonly SentMessage[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { atMs, message } of messages)
    for (const { facts } of beginsOf(message)) if (!first.has(facts.id)) first.set(facts.id, atMs);
  return first;
}

export function orphansOf(
  { messages, endedAtMs }: Recorded,
  byId: ReadonlyMap<string, AlertDetail>,
): readonly Orphan[] {
  const open = new Map<string, { channel: string; id: string }>();
  for (const { channel, message } of messages) {
    for (const { what, facts } of message.alerts) {
      const key = `${channel} ${facts.id}`;
      if (what === 'end' || what === 'whole') open.delete(key);
      else open.set(key, { channel, id: facts.id });
    }
  }
  return [...open.values()].flatMap(({ channel, id }) => {
    const alert = byId.get(id);
    const endMs = alert?.resolvedAtMs;
    return alert !== undefined && endMs !== undefined && alert.updatedAtMs < endedAtMs - END_SLACK_MS
      ? [{ channel, alert }]
      : [];
  });
}

export function toldTwice(messages: readonly SentMessage[]): readonly string[] {
  const seen = new Set<string>();
  return messages.flatMap(({ channel, message }) =>
    message.alerts.flatMap(({ what, facts }) => {
      const key = `${channel} ${what} ${facts.id}`;
      if (what !== 'begin' && what !== 'end') return [];
      if (seen.has(key)) return [key];
      seen.add(key);
      return [];
    }),
  );
}

export function countMessages(
  trouble: Trouble,
  messages: readonly SentMessage[],
  causesOf: (id: string) => readonly Trouble[],
): { readonly begins: number; readonly all: number } {
  const isAbout = ({ facts }: MessageAlerts[number]): boolean => causesOf(facts.id)[0] === trouble;
  const paged = messages.filter(({ channel }) => channel === PAGER);
  return {
    begins: paged.filter(({ message }) => beginsOf(message).some(isAbout)).length,
    all: paged.filter(({ message }) => message.alerts.some(isAbout)).length,
  };
}
