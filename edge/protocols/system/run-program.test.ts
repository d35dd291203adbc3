import { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from './run-program.ts';

describe('a program', () => {
  afterEach(() => vi.restoreAllMocks());
  const never = new AbortController().signal;

  it('that ends leaves nothing behind', async () => {
    const result = await runProgram('sh', ['-c', 'echo out; exit 3'], { timeoutMs: 30_000, signal: never });
    expect(result).toEqual({
      error: expect.objectContaining({ code: 3 }) as Error,
      stdout: 'out\n',
      stderr: '',
    });
  });

  it('that is not installed says so', async () => {
    const result = await runProgram('/none/such', [], { timeoutMs: 30_000, signal: never });
    expect(result).toMatchObject({ error: { code: 'ENOENT' } });
    expect(result.ended).toBeUndefined();
  });

  it('that the system refuses to start says so', async () => {
    // Node throws where a capability or memory is missing, too.
    const tooLong = 'x'.repeat(4 * 1024 * 1024);
    const result = await runProgram('echo', [tooLong], { timeoutMs: 30_000, signal: never });
    expect(result).toMatchObject({ error: { code: 'E2BIG' }, stdout: '' });
    expect(result.ended).toBeUndefined();
  });

  it('that survives SIGKILL is not awaited, and its end is reported later', async () => {
    // One that waits for a dead device hears no signal; here none is sent.
    const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
    const result = await runProgram('sleep', ['60'], { timeoutMs: 100, signal: never });
    expect(result.error).toMatchObject({ killed: true });
    expect(result.ended).toBeDefined();
    const child = kill.mock.contexts[0] as ChildProcess;
    kill.mockRestore();
    child.kill('SIGKILL');
    await result.ended;
    expect(child.signalCode).toBe('SIGKILL');
  });
});
