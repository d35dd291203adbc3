import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCellular, taken, temporaryDirectory } from '../support/cellular.ts';

const RECORDED = fileURLToPath(
  new URL('../../edge/collectors/cellular/modemmanager/testdata/', import.meta.url),
);

/** In the place of mmcli: prints what mmcli 1.20.4 printed, from files that a test may replace. */
const PROGRAM = `#!/bin/sh
cd "$(dirname "$0")"
case "$*" in
  *--signal-get*) file=signal ;;
  *--get-cell-info*) file=cells ;;
  *--location-get*) file=location ;;
  *-L*) file=list ;;
  *) file=modem ;;
esac
echo "$*" >> asked
[ -x "./$file.sh" ] && exec "./$file.sh"
cat "./$file"
`;

describe('mmcli as a program', () => {
  let directory: ReturnType<typeof temporaryDirectory>;
  const path = process.env['PATH'] ?? '';
  const file = (name: string) => join(directory.path, 'bin', name);

  beforeEach(() => {
    directory = temporaryDirectory();
    mkdirSync(file(''));
    writeFileSync(file('mmcli'), PROGRAM, { mode: 0o755 });
    const recordings = { list: 'list', modem: 'modem-nsa', signal: 'signal-nsa', cells: 'cell-info-nsa' };
    for (const [name, recorded] of Object.entries(recordings))
      copyFileSync(`${RECORDED}${recorded}.json`, file(name));
    process.env['PATH'] = `${file('')}:${path}`;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    directory.remove();
  });

  const start = () => startCellular([{ device: 'm-1', source: 'modemmanager', refreshS: 5 }]);
  const script = (name: string, text: string) => {
    writeFileSync(file(`${name}.sh`), `#!/bin/sh\n${text}\n`);
    chmodSync(file(`${name}.sh`), 0o755);
  };

  it('gives a sample that central takes', async () => {
    const collector = start();
    const { samples, errors } = await collector.collect(AbortSignal.timeout(10_000));
    await collector.close();
    expect(errors).toEqual([]);
    expect(taken(samples)).toMatchObject([
      {
        measurement: 'cellular',
        tags: { device: 'm-1', operator: 'viettel', rat: 'nrnsa', band: 'n41' },
        fields: { rsrp_dbm: -92, sinr_db: 14, anchor_rsrp_dbm: -89, cell_id: '53844326' },
      },
    ]);
  });

  it.each([
    ['garbage', 'signal', 'head -c 3000 /dev/urandom', /printed something that is not JSON/],
    ['a flood', 'modem', 'exec yes "{"', /printed more than can be an answer/],
    ['an exit code', 'modem', 'exit 7', /failed without a message/],
    ['an end by a signal', 'signal', 'kill -SEGV $$', /failed without a message/],
    ['nothing', 'signal', 'exit 0', /not JSON/],
  ])('%s is an error that names the modem', async (_what, name, text, message) => {
    script(name, text);
    const collector = start();
    const running = collector.collect(AbortSignal.timeout(10_000));
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toThrow('cellular m-1 (ModemManager): ');
    await collector.close();
  });

  it('one that hangs is ended after 5 s, and the run before', async () => {
    script('signal', 'exec sleep 60');
    const collector = start();
    const startMs = performance.now();
    await expect(collector.collect(AbortSignal.timeout(1_000))).rejects.toThrow(/no answer for \d+ ms/);
    expect(performance.now() - startMs).toBeLessThan(3_000);
    await expect(collector.collect(AbortSignal.timeout(10_000))).rejects.toThrow('did not end in time');
    await collector.close();
  });

  it('and does not outlive the collector', async () => {
    script('signal', 'echo $$ > pid; exec sleep 60');
    const collector = start();
    await expect(collector.collect(AbortSignal.timeout(500))).rejects.toThrow();
    const startMs = performance.now();
    await collector.close();
    expect(performance.now() - startMs).toBeLessThan(3_000);
    const pid = Number(readFileSync(file('pid'), 'utf8'));
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
