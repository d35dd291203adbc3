import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { SentMessage } from '../central/recording-channel.ts';
import { PAGER } from '../central/routes.ts';
import type { Recorded } from '../record.ts';
import type { CityMap } from '../truth/city-map.ts';
import { isSymptom, type Trouble } from '../truth/trouble.ts';
import { refsOf } from './attribute.ts';

/** A channel that heard of the begin of what is over, and not of its end. */
export interface Orphan {
  readonly channel: string;
  readonly alert: AlertDetail;
}

/** What is told in the last minutes may have its end after the record. */
const END_SLACK_MS = 120_000;
/** An agent measures a little before it is cut off, and what it missed is counted from then. */
const CUT_SLACK_MS = 15_000;
type MessageAlerts = SentMessage['message']['alerts'];

/** When each alert was first told of. */
export interface Begins {
  readonly onAny: ReadonlyMap<string, number>;
  readonly onPager: ReadonlyMap<string, number>;
}

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

/** Alerts of which it was told that they are over. */
export function endedOn(messages: readonly SentMessage[]): ReadonlySet<string> {
  return new Set(
    messages.flatMap(({ message }) =>
      message.alerts.flatMap(({ what, facts }) => (what === 'end' || what === 'whole' ? [facts.id] : [])),
    ),
  );
}

export function orphansOf(
  { messages, endedAtMs }: Pick<Recorded, 'messages' | 'endedAtMs'>,
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

interface MessageSources {
  readonly messages: readonly SentMessage[];
  readonly causesOf: (id: string) => readonly Trouble[];
  readonly map: CityMap;
}

/**
 * To the pager. Of a cut also what is told about anything in its reach and began within it, whatever rule tells of it: unless it
 * names what failed of another trouble, or that one had to be told by this rule.
 */
export function countMessages(
  trouble: Trouble,
  { messages, causesOf, map }: MessageSources,
): { readonly begins: number; readonly all: number } {
  const isAbout = ({ facts }: MessageAlerts[number]): boolean => {
    const causes = causesOf(facts.id);
    if (causes[0] === trouble) return true;
    if (
      !isCut(trouble) ||
      facts.startedAtMs < trouble.fromMs - CUT_SLACK_MS ||
      facts.startedAtMs >= trouble.toMs
    )
      return false;
    const refs = refsOf(facts, map);
    const isOfAnother = causes.some(
      (other) =>
        other !== trouble &&
        (isSymptom({ symptoms: other.due?.rules ?? [] }, facts.rule) || other.roots.has(refs[0] ?? '')),
    );
    return !isOfAnother && refs.some((ref) => trouble.reach.has(ref));
  };
  const paged = messages.filter(({ channel }) => channel === PAGER);
  return {
    begins: paged.filter(({ message }) => beginsOf(message).some(isAbout)).length,
    all: paged.filter(({ message }) => message.alerts.some(isAbout)).length,
  };
}

/** Several sites fall silent because of it. */
export function isCut({ due }: Trouble): boolean {
  return (due?.sites ?? 0) > 1;
}
