import type { EdgeNode } from './edge-node.ts';
import type { SessionState } from './session.ts';
import type { MessageType } from '../../contract/sparkplug/topic.ts';

export interface SparkplugStats {
  /** Since the start, by type. */
  readonly messages: Readonly<Record<string, number>>;
  readonly nodes: Readonly<Record<SessionState, number>>;
  /** Gaps in sequence numbers: never received, contents unknown. */
  readonly lostMessages: number;
  readonly staleDeaths: number;
  readonly rebirthRequests: number;
  /** Values that the sender marked null or transient. */
  readonly emptyValues: number;
}

export class HostCounts {
  lostMessages = 0;
  staleDeaths = 0;
  rebirthRequests = 0;
  emptyValues = 0;
  readonly #messages: Partial<Record<MessageType, number>> = {};

  countMessage(type: MessageType): void {
    this.#messages[type] = (this.#messages[type] ?? 0) + 1;
  }

  snapshot(nodes: readonly EdgeNode[]): SparkplugStats {
    const { lostMessages, staleDeaths, rebirthRequests, emptyValues } = this;
    const byState = { unborn: 0, born: 0, dead: 0 };
    for (const { session } of nodes) byState[session.state]++;
    return {
      messages: { ...this.#messages },
      nodes: byState,
      lostMessages,
      staleDeaths,
      rebirthRequests,
      emptyValues,
    };
  }
}
