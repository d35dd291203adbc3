import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TRIAL_MS } from './remote-config.ts';
import { Machine } from './testing/machine.ts';

type Config = readonly string[] | null;

const config: fc.Arbitrary<Config> = fc.oneof(
  fc.subarray(['works-a', 'works-b', 'fails-c', 'throws-d', 'wrong-e'], { minLength: 1 }),
  fc.constant(null),
);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      ahead: fc.integer({ min: -1, max: 2 }),
      config,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1_000, TRIAL_MS - 1, TRIAL_MS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('power cut' as const), kept: fc.integer({ min: 0, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  // The process dies before this many further steps on disk.
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('doom' as const), steps: fc.integer({ min: 0, max: 8 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Pushed configs, and the checks after each step. */
class Story {
  readonly machine = new Machine();
  /** The first config pushed under each revision. */
  readonly pushed = new Map<number, Config>();
  highest = 0;
  #doomed = false;

  async play(next: Step): Promise<void> {
    const before = this.machine.remote.status();
    if (next.do === 'push') await this.#push(Math.max(1, this.highest + next.ahead), next.config);
    else if (next.do === 'wait') await this.machine.clock.advance(next.ms);
    else if (next.do === 'doom') this.#doom(next.steps);
    else if (next.do === 'restart')
      await this.#restart(() => (this.#doomed ? undefined : this.machine.stop()));
    else if (next.do === 'kill') await this.#restart(() => undefined);
    else await this.#restart(() => this.machine.disk.powerCut(next.kept));
    if (next.do === 'kill' || next.do === 'power cut' || next.do === 'restart') this.#checkAfterStart(before);
    this.check();
  }

  /** Holds after every step. */
  check(): void {
    const { machine } = this;
    const { revision, problem } = machine.remote.status();
    expect(machine.names.length).toBeGreaterThan(0);
    if (problem !== undefined) expect(problem.revision).toBeGreaterThan(revision);
    const pushed = this.pushed.get(revision) ?? ['works-own'];
    // A dead process runs nothing; it is checked after the next start.
    if (!this.#doomed) expect(machine.names).toEqual([...pushed].sort());
    expect(pushed.some((name) => /^(wrong|throws)/.test(name))).toBe(false);
  }

  async #push(revision: number, pushed: Config): Promise<void> {
    if (!this.pushed.has(revision)) this.pushed.set(revision, pushed);
    this.highest = Math.max(this.highest, revision);
    await this.machine.push(revision, this.pushed.get(revision) ?? null);
  }

  #doom(steps: number): void {
    let left = steps;
    this.machine.disk.gate = async () => {
      if (left-- > 0) return;
      this.#doomed = true;
      await new Promise(() => undefined);
    };
  }

  async #restart(end: () => Promise<void> | void): Promise<void> {
    await Promise.race([end(), this.machine.settle()]);
    this.machine.kill();
    await this.machine.start();
    this.#doomed = false;
  }

  /** A good config is not lost. */
  #checkAfterStart(before: ReturnType<Machine['remote']['status']>): void {
    const after = this.machine.remote.status();
    if (!before.trial) expect(after.revision).toBeGreaterThanOrEqual(before.revision);
  }
}

describe('with any sequence of pushes, kills and power cuts', () => {
  it('the agent measures, never with a failed config, and accepts the next good one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const story = new Story();
        await story.machine.start();
        for (const next of steps) await story.play(next);
        await story.play({ do: 'kill' });
        await story.play({ do: 'push', ahead: 1, config: ['works-z'] });
        await story.play({ do: 'wait', ms: TRIAL_MS });
        const { machine, highest } = story;
        expect(machine.remote.status()).toEqual({ revision: highest, trial: false, problem: undefined });
        await story.play({ do: 'power cut', kept: 0 });
        expect(machine.names).toEqual(['works-z']);
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
