import { ServerProcess } from '../../support/server-process.ts';

/** Ends by itself, even where nobody is left to kill it. */
const LOOP = 'const endMs = Date.now() + Number(process.argv[1]) * 1000; while (Date.now() < endMs);';

export interface BusyLoops {
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** Other programs of a busy machine: each takes all it gets of a core, for at most `limitS`. */
export async function startBusyLoops(count: number, limitS: number): Promise<BusyLoops> {
  const loops = Array.from(
    { length: count },
    () =>
      new ServerProcess({
        program: process.execPath,
        args: ['-e', LOOP, String(limitS)],
        isReady: () => Promise.resolve(true),
      }),
  );
  const stop = async (): Promise<void> => {
    for (const loop of loops) await loop.dispose();
  };
  try {
    for (const loop of loops) await loop.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const pids = loops.map(({ pid }) => pid);
  return { pids, stop };
}
