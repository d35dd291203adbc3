import { EdgeNode } from './edge-node.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import type { Mapping } from './mapping.ts';
import type { SessionLimits, SessionState } from './session.ts';
import type { NodeName } from '../../contract/sparkplug/topic.ts';

export const MAX_NODES = 2_000;
const MAX_METRICS_PER_NODE = 5_000;
const MAX_METRICS = 200_000;
const MAX_HELD_MESSAGES = 32;

/** The edge nodes that central has heard of, bounded in number and in metrics. */
export class NodeList {
  readonly #mapping: Mapping;
  readonly #reorderTimeoutMs: number;
  readonly #nodes = new Map<string, EdgeNode>();

  constructor(mapping: Mapping, reorderTimeoutMs: number) {
    this.#mapping = mapping;
    this.#reorderTimeoutMs = reorderTimeoutMs;
  }

  all(): readonly EdgeNode[] {
    return [...this.#nodes.values()];
  }

  get(agent: string): EdgeNode | undefined {
    return this.#nodes.get(agent);
  }

  /** A new one makes room by the oldest that was never born, then by the longest dead; undefined: all live. */
  find({ group, node }: NodeName): EdgeNode | undefined {
    const agent = agentIdOf({ group, node });
    const known = this.#nodes.get(agent);
    if (known !== undefined) return known;
    if (this.#nodes.size >= MAX_NODES) {
      const spare = this.#spare();
      if (spare === undefined) return undefined;
      this.#nodes.delete(spare.agent);
    }
    const made = new EdgeNode({ group, node }, this.#mapping, this.#limits(agent));
    this.#nodes.set(agent, made);
    return made;
  }

  #spare(): EdgeNode | undefined {
    const inState = (state: SessionState): EdgeNode[] =>
      this.all().filter(({ session }) => session.state === state);
    const [unborn] = inState('unborn');
    return unborn ?? inState('dead').sort((a, b) => a.diedAtMs - b.diedAtMs)[0];
  }

  #limits(agent: string): SessionLimits {
    return {
      reorderTimeoutMs: this.#reorderTimeoutMs,
      maxHeld: MAX_HELD_MESSAGES,
      maxMetrics: () => {
        let ofOthers = 0;
        for (const node of this.#nodes.values())
          if (node.agent !== agent) ofOthers += node.session.metricCount;
        return Math.min(MAX_METRICS_PER_NODE, MAX_METRICS - ofOthers);
      },
    };
  }
}
