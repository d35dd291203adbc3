import type { Received } from '../../../central/notify/testing/unruly-receiver.ts';

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

/** Pure. What a receiver of webhooks has heard. */
export function toldIn(received: readonly Received[]): Told {
  const messages = new Map<string, Message>();
  for (const { body } of received) {
    const message = JSON.parse(body) as Message;
    messages.set(message.key, message);
  }
  const tellings = [...messages.values()].flatMap(({ alerts }) =>
    alerts.filter(({ what }) => what === 'begin' || what === 'end').map(({ what, id }) => `${what} ${id}`),
  );
  const distinct = new Set(tellings);
  return {
    messages: messages.size,
    alerts: [...distinct].filter((telling) => telling.startsWith('begin')).length,
    twice: tellings.length - distinct.size,
  };
}
