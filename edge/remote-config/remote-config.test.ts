import { beforeEach, describe, expect, it } from 'vitest';
import { TRIAL_MS } from './remote-config.ts';
import { Machine } from './testing/machine.ts';

let machine: Machine;
beforeEach(async () => {
  machine = new Machine();
  await machine.start();
});

const good = (revision: number) => ({ revision, trial: false, problem: undefined });
const trial = (revision: number) => ({ revision, trial: true, problem: undefined });

describe('an agent without a config from central', () => {
  it('runs the collectors of its own file', () => {
    expect(machine.names).toEqual(['works-own']);
    expect(machine.remote.status()).toEqual(good(0));
  });
});

describe('a config from central', () => {
  it('runs at once, is on trial first and then good, and runs again after a restart', async () => {
    await machine.push(1, ['works-a', 'works-b'], 'debug');
    expect(machine.names).toEqual(['works-a', 'works-b']);
    expect(machine.remote.status()).toEqual(trial(1));
    expect(machine.samples).toContain('works-a');
    expect(machine.logLevel).toBe('debug');
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toEqual(good(1));
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-a', 'works-b']);
    expect(machine.remote.status()).toEqual(good(1));
  });

  it('does not restart collectors that it does not change', async () => {
    await machine.push(1, ['works-own', 'works-new']);
    expect(machine.lives).toEqual({ made: ['works-own', 'works-new'], closed: [] });
    await machine.push(2, ['works-new', 'works-newer']);
    expect(machine.lives).toEqual({ made: ['works-own', 'works-new', 'works-newer'], closed: ['works-own'] });
  });

  it('gives a collector back to the own file without the limits of a config from central', async () => {
    await machine.push(1, ['works-a']);
    await machine.push(2, ['works-own']);
    await machine.push(3, null);
    expect(machine.lives).toEqual({
      made: ['works-own', 'works-a', 'works-own', 'works-own'],
      closed: ['works-own', 'works-a', 'works-own'],
    });
  });

  it('is ignored when the retained message is repeated, as is an older one', async () => {
    await machine.push(2, ['works-a']);
    await machine.clock.advance(TRIAL_MS);
    const { changes } = machine;
    await machine.push(2, ['works-a']);
    await machine.push(1, ['works-old']);
    expect(machine.names).toEqual(['works-a']);
    expect(machine.changes).toBe(changes);
    expect(machine.lives.made.filter((name) => name === 'works-a')).toHaveLength(1);
  });

  it('is replaced by the own file when it is removed, also after a restart', async () => {
    await machine.push(1, ['works-a']);
    await machine.clock.advance(TRIAL_MS);
    await machine.push(2, null);
    await machine.clock.advance(TRIAL_MS);
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-own']);
    expect(machine.remote.status()).toEqual(good(2));
  });

  it('is restored by the retained message when the data directory is lost', async () => {
    await machine.push(7, ['works-a']);
    await machine.clock.advance(TRIAL_MS);
    const other = new Machine();
    await other.start();
    await other.push(7, ['works-a']);
    expect(other.names).toEqual(['works-a']);
  });

  it('can be replaced by the next one while it is still on trial', async () => {
    await machine.push(1, ['works-a']);
    await machine.clock.advance(TRIAL_MS - 1);
    await machine.push(2, ['works-b']);
    await machine.clock.advance(TRIAL_MS - 1);
    expect(machine.remote.status()).toEqual(trial(2));
    await machine.clock.advance(1);
    expect(machine.remote.status()).toEqual(good(2));
  });

  it('is skipped for a newer one when several arrive while the agent is busy', async () => {
    machine.remote.receive({ v: 1, revision: 1, config: { collectors: ['works-1'] } });
    machine.remote.receive({ v: 1, revision: 3, config: { collectors: ['works-3'] } });
    machine.remote.receive({ v: 1, revision: 2, config: { collectors: ['works-2'] } });
    await machine.settle();
    expect(machine.names).toEqual(['works-3']);
  });
});

describe('a config that fails', () => {
  beforeEach(async () => {
    await machine.push(1, ['works-a']);
    await machine.clock.advance(TRIAL_MS);
  });

  it.each([
    [
      'the schema refuses it',
      ['works-x', 'wrong-1', 'wrong-2'],
      /^wrong-1: unknown setting; wrong-2: unknown/,
    ],
    ['the check itself fails', ['works-x', 'breaks-1'], /^cannot be checked: no such file$/],
    [
      'it cannot be started',
      ['works-x', 'throws-1'],
      /^collector throws-1 cannot be started: no such device$/,
    ],
  ])('because %s does not stop the running collectors', async (_why, collectors, reason) => {
    await machine.push(2, collectors);
    expect(machine.names).toEqual(['works-a']);
    expect(machine.remote.status()).toMatchObject({ revision: 1, problem: { revision: 2 } });
    expect(machine.remote.status().problem?.reason).toMatch(reason);
    expect(machine.lives.closed).not.toContain('works-a');
    // Collectors made before the one that failed are closed again.
    expect(machine.lives.made.filter((name) => name === 'works-x')).toEqual(
      machine.lives.closed.filter((name) => name === 'works-x'),
    );
  });

  it('because none of its collectors can measure is rolled back', async () => {
    await machine.push(2, ['fails-1', 'fails-2']);
    expect(machine.names).toEqual(['fails-1', 'fails-2']);
    await machine.clock.advance(TRIAL_MS);
    expect(machine.names).toEqual(['works-a']);
    const reason =
      'none of its collectors could measure: fails-1: nothing can be read; fails-2: nothing can be read';
    expect(machine.remote.status()).toEqual({ revision: 1, trial: false, problem: { revision: 2, reason } });
  });

  it('is not rejected for one dead source, nor for a run in progress', async () => {
    await machine.push(2, ['fails-1', 'works-2']);
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toEqual(good(2));
    await machine.push(3, ['fails-1', 'slow-1']);
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toEqual(good(3));
  });

  it('is not tried again until the revision grows, also after a restart', async () => {
    await machine.push(2, ['fails-1']);
    await machine.clock.advance(TRIAL_MS);
    await machine.push(2, ['works-b']);
    machine.kill();
    await machine.start();
    await machine.push(2, ['works-b']);
    expect(machine.names).toEqual(['works-a']);
    expect(machine.remote.status()).toMatchObject({ revision: 1, problem: { revision: 2 } });
    await machine.push(3, ['works-b']);
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toEqual(good(3));
  });

  it('because the agent dies of it is rolled back at the next start', async () => {
    await machine.push(2, ['works-killer']);
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-a']);
    expect(machine.remote.status()).toMatchObject({ revision: 1, problem: { revision: 2 } });
    expect(machine.remote.status().problem?.reason).toMatch(/^the agent ended while it was tried/);
  });

  it('does not end the trial of the previous one', async () => {
    await machine.push(2, ['works-b']);
    await machine.push(3, ['wrong-1']);
    expect(machine.remote.status()).toMatchObject({ revision: 2, trial: true, problem: { revision: 3 } });
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toMatchObject({ revision: 2, trial: false, problem: { revision: 3 } });
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-b']);
  });

  it('and that replaced one on trial is rolled back to the last good one', async () => {
    await machine.push(2, ['works-b']);
    await machine.push(3, ['throws-1']);
    expect(machine.names).toEqual(['works-a']);
    expect(machine.remote.status()).toMatchObject({ revision: 1, trial: false, problem: { revision: 3 } });
  });
});

describe('a trial', () => {
  it('is repeated at the next start when the agent was asked to stop', async () => {
    await machine.push(1, ['works-a']);
    await machine.stop();
    await machine.start();
    expect(machine.names).toEqual(['works-a']);
    expect(machine.remote.status()).toEqual(trial(1));
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-own']);
  });

  it('does not begin while it cannot be written to disk', async () => {
    machine.disk.gate = async () => {
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    await machine.push(1, ['works-a']);
    expect(machine.names).toEqual(['works-own']);
    expect(machine.remote.status().problem).toMatchObject({
      revision: 1,
      reason: expect.stringContaining('ENOSPC') as string,
    });
    machine.disk.gate = async () => undefined;
    await machine.push(1, ['works-a']);
    expect(machine.remote.status()).toEqual(trial(1));
  });

  it('lasts until its end can be written to disk', async () => {
    await machine.push(1, ['works-a']);
    machine.disk.gate = async () => Promise.reject(new Error('EIO'));
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toEqual(trial(1));
    machine.disk.gate = async () => undefined;
    await machine.clock.advance(TRIAL_MS);
    expect(machine.remote.status()).toEqual(good(1));
  });
});

describe('a kill at any step on disk', () => {
  /** From a good config to the next, which works or fails; the process dies before its n-th step on disk. */
  async function dieAt(step: number, collectors: readonly string[]): Promise<{ died: boolean; ran: string }> {
    const victim = new Machine();
    await victim.start();
    await victim.push(1, ['works-a']);
    await victim.clock.advance(TRIAL_MS);
    let left = step;
    victim.disk.gate = () => (left-- > 0 ? Promise.resolve() : new Promise(() => undefined));
    await victim.push(2, collectors);
    await victim.clock.advance(TRIAL_MS);
    victim.kill();
    await victim.start();
    await victim.clock.advance(TRIAL_MS);
    return { died: left < 0, ran: victim.names.join() };
  }

  it.each([
    ['works', ['works-b'], ['works-a', 'works-b']],
    ['fails', ['fails-b'], ['works-a']],
    ['is refused', ['wrong-b'], ['works-a']],
    ['it cannot be started', ['throws-b'], ['works-a']],
  ])('leaves a good config running when the pushed one %s', async (_what, collectors, mayRun) => {
    let steps = 0;
    for (let outcome = await dieAt(0, collectors); outcome.died; outcome = await dieAt(++steps, collectors)) {
      expect(mayRun).toContain(outcome.ran);
    }
    expect(steps).toBeGreaterThanOrEqual(5);
  });
});

describe('records that are damaged', () => {
  it.each([
    ['half a file', '{"revision":1,"con'],
    ['another shape', '{"revision":"one"}'],
    ['nothing', ''],
    ['far too much', `"${'x'.repeat(300_000)}"`],
  ])('(%s) are ignored: the own file is used, and the retained message is accepted', async (_what, text) => {
    for (const name of ['good', 'trial', 'failed']) machine.disk.put(`/data/config/${name}.json`, text);
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-own']);
    await machine.push(1, ['works-a']);
    expect(machine.remote.status()).toEqual(trial(1));
  });

  it('a good one that a newer program no longer accepts is reported, and the own file is used', async () => {
    const stored = JSON.stringify({ revision: 4, config: { collectors: ['wrong-1'] } });
    machine.disk.put('/data/config/good.json', stored);
    machine.kill();
    await machine.start();
    expect(machine.names).toEqual(['works-own']);
    const reason = 'worked before, but no longer does: wrong-1: unknown setting';
    expect(machine.remote.status()).toEqual({ revision: 0, trial: false, problem: { revision: 4, reason } });
  });
});
