import type { Channel, ChannelState, Outcome } from '../channels/channel.ts';
import type { Message } from '../message/message.ts';
import type { SendingLimits } from '../outbox/plan-message.ts';

/** `deaf`: nothing arrives. `mute`: it arrives, the answer is lost. `hangs`: no answer until the sender is killed. */
export type Behaviour = 'well' | 'deaf' | 'mute' | 'hangs' | 'hangs deaf' | 'refuses';

export const CALM_LIMITS: SendingLimits = { perMinute: 600, digestAbove: 1_000, digestWithinMs: 120_000 };

/** A receiver that outlives the sender: remembers what it heard, in order. */
export class FakeReceiver {
  readonly heard: Message[] = [];
  readonly repeated: (readonly string[])[] = [];
  behaviour: Behaviour = 'well';
  /** What arrives and is answered well, whatever its behaviour. */
  accepts: (message: Message) => boolean = () => false;
  /** A repetition with this alert is refused. */
  refusedRepetition: string | undefined;
  attempts = 0;

  /** The same message may be heard again; this is what a receiver sees that looks at the key. */
  get distinct(): readonly Message[] {
    return [...new Map(this.heard.map((message) => [message.key, message])).values()];
  }

  /** Such as `begin`, `end`, of one alert. */
  toldOf(alertId: string): readonly string[] {
    return this.distinct.flatMap(({ alerts }) =>
      alerts.filter(({ facts }) => facts.id === alertId).map(({ what }) => what),
    );
  }

  channel(id: string, limits: SendingLimits = CALM_LIMITS, state?: Pick<ChannelState, 'batchSize'>): Channel {
    return {
      id,
      kind: 'fake',
      limits,
      send: (message) => this.#answer(() => this.heard.push(message), this.accepts(message)),
      ...(state !== undefined && {
        state: {
          ...state,
          repeatEveryMs: 60_000,
          repeat: (alerts) => {
            if (alerts.some(({ facts }) => facts.id === this.refusedRepetition))
              return Promise.resolve({ kind: 'refused', answer: 'refused' });
            return this.#answer(() => this.repeated.push(alerts.map(({ facts }) => facts.id)));
          },
        },
      }),
    };
  }

  #answer(hear: () => void, isAccepted = false): Promise<Outcome> {
    this.attempts++;
    const behaviour = isAccepted ? 'well' : this.behaviour;
    if (behaviour === 'well' || behaviour === 'mute' || behaviour === 'hangs') hear();
    if (behaviour === 'hangs' || behaviour === 'hangs deaf') return new Promise(() => undefined);
    if (behaviour === 'well') return Promise.resolve({ kind: 'delivered', answer: 'ok' });
    return Promise.resolve({ kind: behaviour === 'refuses' ? 'refused' : 'failed', answer: behaviour });
  }
}
