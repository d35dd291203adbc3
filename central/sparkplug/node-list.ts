import { EdgeNode } from './edge-node.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import type { Mapping } from './mapping.ts';
import type { SessionLimits, SessionState } from './session.ts';
import type { NodeName } from '../../contract/sparkplug/topic.ts';

export const MAX_NODES = 2_000;
const MAX_METRICS_PER_NODE = 5_000;
const MAX_METRICS = 200_000;
const MAX_HELD_MESSAGES = 32;

/** The edge nodes that central knows, limited in number and in metrics. */
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

  /** At the limit a new node replaces the oldest that was never born, else the one dead the longest; undefined: all are alive. */
  find({ group, node }: NodeName): EdgeNode | undefined {
    const agent = agentIdOf({ group, node });
    const known = this.#nodes.get(agent);
    if (known !== undefined) return known;
    if (this.#nodes.size >= MAX_NODES) {
      const removable = this.#removable();
      if (removable === undefined) return undefined;
      this.#nodes.delete(removable.agent);
    }
    const made = new EdgeNode({ group, node }, this.#mapping, this.#limits(agent));
    this.#nodes.set(agent, made);
    return made;
  }

  #removable(): EdgeNode | undefined {
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
