import type { SampleStore } from '../../store/sample-store.ts';

/** What takes real time beside a virtual clock, which has to stand still until then: how fast a machine is must not show. */
export class RealWork {
  readonly #underWay = new Set<Promise<unknown>>();

  /** The same store, watched. */
  watch(store: SampleStore): SampleStore {
    const watched = (target: SampleStore, name: string | symbol): unknown => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => this.#noted(Reflect.apply(value, target, args));
    };
    return new Proxy(store, { get: watched });
  }

  /** When nothing is under way, and nothing that followed from it. `flushFiles` resolves when all files are written. */
  async whenDone(flushFiles: () => Promise<void>): Promise<void> {
    do {
      await Promise.allSettled(this.#underWay);
      await flushFiles();
      do await new Promise((resolve) => setImmediate(resolve));
      while (process.getActiveResourcesInfo().includes('Immediate'));
    } while (this.#underWay.size > 0);
  }

  #noted(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    this.#underWay.add(result);
    const forget = (): boolean => this.#underWay.delete(result);
    result.then(forget, forget);
    return result;
  }
}
