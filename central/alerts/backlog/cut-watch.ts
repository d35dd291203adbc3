/** A time in which nothing live came from an agent; what it measured then comes as backlog, if at all. Unix ms. */
export interface Cut {
  /** When its last live batch before arrived; 0: central has just started. */
  readonly fromMs: number;
  /** By its first live batch after: see cutEndOf. */
  readonly toMs: number;
  /** Of that batch: what the agent still holds below it is backlog. */
  readonly epoch: string;
  readonly seq: number;
}

interface Heard {
  atMs: number;
  /** Time between its last two live batches. */
  stepMs: number;
  /** When the first live batch after its last silence arrived. */
  sinceMs: number;
  /** The same of the silence before that. */
  beforeMs: number;
}

/** Agents call a batch live for 30 s: what is missing for longer comes as backlog. */
export const LEAST_SILENCE_MS = 30_000;
/** Of an agent that sends rarely, silence is so many of its usual steps. */
const SILENT_STEPS = 2;

/** Finds the ends of cuts: the first live batch of an agent after silence. */
export class CutWatch {
  readonly #agents = new Map<string, Heard>();
  /** Retired, and not heard live since. */
  readonly #retired = new Set<string>();

  /** When the last live batch before arrived, if this one ends a cut; 0: it is the first since the start. */
  hear(agent: string, receivedAtMs: number): number | undefined {
    this.#retired.delete(agent);
    const heard = this.#agents.get(agent);
    if (heard === undefined) {
      this.#agents.set(agent, { atMs: receivedAtMs, stepMs: 0, sinceMs: receivedAtMs, beforeMs: 0 });
      return 0;
    }
    const { atMs, stepMs } = heard;
    const silenceMs = receivedAtMs - atMs;
    heard.atMs = receivedAtMs;
    if (!isSilence(silenceMs, stepMs)) {
      heard.stepMs = silenceMs;
      return undefined;
    }
    // It may send more rarely from now on: then it is silent a few times more, and no longer.
    heard.beforeMs = heard.sinceMs;
    heard.sinceMs = receivedAtMs;
    heard.stepMs = Math.min(silenceMs, Math.max(LEAST_SILENCE_MS, 5 * stepMs));
    return atMs;
  }

  /** When the last live batch arrived, of an agent that is silent now; 0: none did since the start. */
  silentSince(agent: string, nowMs: number): number | undefined {
    const heard = this.#agents.get(agent);
    if (heard === undefined) return this.#retired.has(agent) ? undefined : 0;
    return isSilence(nowMs - heard.atMs, heard.stepMs) ? heard.atMs : undefined;
  }

  /** Whether the time is before the end of the agent's last silence, and so may be of a cut; after it, the agent was heard all the time. */
  isBeforeLastEnd(agent: string, timeMs: number): boolean {
    const heard = this.#agents.get(agent);
    return heard !== undefined && timeMs < heard.sinceMs;
  }

  /** Since when it was heard before the silence that it is in, or has just ended; what was measured before that is of an earlier cut. 0: not known. */
  heardSince(agent: string, nowMs: number): number {
    const heard = this.#agents.get(agent);
    if (heard === undefined) return 0;
    return isSilence(nowMs - heard.atMs, heard.stepMs) ? heard.sinceMs : heard.beforeMs;
  }

  /** The agent is retired. */
  forget(agent: string): void {
    this.#agents.delete(agent);
    this.#retired.add(agent);
  }
}

function isSilence(silenceMs: number, stepMs: number): boolean {
  return silenceMs > Math.max(LEAST_SILENCE_MS, SILENT_STEPS * stepMs);
}
