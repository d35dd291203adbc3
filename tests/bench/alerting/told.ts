import type { Received } from '../../../central/notify/testing/unruly-receiver.ts';
import type { ToTell } from './record.ts';

interface Message {
  readonly key: string;
  readonly alerts: readonly { readonly what: string; readonly id: string }[];
}

export interface Told {
  /** Distinct ones: the same message may be sent again, with the same key. */
  readonly messages: number;
  /** Alerts of whose beginning somebody was told. */
  readonly alerts: number;
  /** Beginnings and ends that were told in two different messages. */
  readonly twice: number;
}

/** What is on disk and was not heard as it should be. */
export interface Unheard {
  /** Alerts of which not exactly one message tells that they began. */
  readonly begins: number;
  /** Alerts that are over, of which one told that they began, and not exactly one that they are over. */
  readonly ends: number;
}

/** Pure. What a receiver of webhooks has heard. */
export function toldIn(received: readonly Received[]): Told {
  const { messages, tellings } = tellingsIn(received);
  const distinct = new Set(tellings);
  return {
    messages,
    alerts: [...distinct].filter((telling) => telling.startsWith('begin')).length,
    twice: tellings.length - distinct.size,
  };
}

/** Pure. `whole`: one message told that it began and ended. */
export function unheardIn(received: readonly Received[], toTell: readonly ToTell[]): Unheard {
  const counts = new Map<string, number>();
  for (const telling of tellingsIn(received).tellings) counts.set(telling, (counts.get(telling) ?? 0) + 1);
  const count = (what: string, id: string): number => counts.get(`${what} ${id}`) ?? 0;
  return {
    begins: toTell.filter(({ id }) => count('begin', id) + count('whole', id) !== 1).length,
    ends: toTell.filter(({ id, isOver }) => isOver && count('begin', id) > 0 && count('end', id) !== 1)
      .length,
  };
}

function tellingsIn(received: readonly Received[]): {
  readonly messages: number;
  readonly tellings: readonly string[];
} {
  const messages = new Map<string, Message>();
  for (const { body } of received) {
    const message = JSON.parse(body) as Message;
    messages.set(message.key, message);
  }
  const tellings = [...messages.values()].flatMap(({ alerts }) =>
    alerts.filter(({ what }) => what !== 'change').map(({ what, id }) => `${what} ${id}`),
  );
  return { messages: messages.size, tellings };
}
