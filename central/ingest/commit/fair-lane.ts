/** Entries of several agents that wait: those of one in order, and agents take turns, one entry each. */
export class FairLane<Entry extends { readonly agent: string }> {
  /** Of those with entries, in the order of their turns. */
  readonly #byAgent = new Map<string, Entry[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(entry: Entry): void {
    const entries = this.#byAgent.get(entry.agent);
    if (entries === undefined) this.#byAgent.set(entry.agent, [entry]);
    else entries.push(entry);
    this.#count++;
  }

  /** Entries that were taken: they come before all others of their agents. */
  putBack(entries: readonly Entry[]): void {
    for (const entry of entries.toReversed()) {
      this.#byAgent.set(entry.agent, [entry, ...(this.#byAgent.get(entry.agent) ?? [])]);
      this.#count++;
    }
  }

  /** The entry whose turn it is; undefined: none waits. */
  peek(): Entry | undefined {
    const [entries] = this.#byAgent.values();
    return entries?.[0];
  }

  /** Of agents with entries. */
  get agents(): number {
    return this.#byAgent.size;
  }

  /** It is the next agent's turn. */
  skip(): void {
    const [first] = this.#byAgent;
    if (first === undefined) return;
    const [agent, entries] = first;
    this.#byAgent.delete(agent);
    this.#byAgent.set(agent, entries);
  }

  /** Takes what `peek` returns. */
  take(): void {
    const [first] = this.#byAgent;
    if (first === undefined) return;
    const [agent, entries] = first;
    entries.shift();
    this.#count--;
    this.#byAgent.delete(agent);
    if (entries.length > 0) this.#byAgent.set(agent, entries);
  }
}
