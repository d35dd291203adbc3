import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openAgentCredentials } from '../../central/access/agent-credentials.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import type { Sample } from '../../contract/sample.ts';
import { Attacker } from '../support/attacker.ts';
import { AGENT_PASSWORD } from '../support/central-program.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { PROGRAM } from '../support/wardwatch.ts';

const OPEN_FILES = 200;
const AGENTS = ['gw-1', 'gw-2'] as const;

interface Ready {
  readonly event: string;
  readonly apiUrl: string;
  readonly brokerUrl: string;
}

describe('more connections than central may have open files', () => {
  const scratch = temporaryDirectory('few-files');
  const attackers: Attacker[] = [];
  let central: ChildProcess;
  let ready: Ready;
  let log = '';

  beforeAll(async () => {
    const dataDirectory = join(scratch.path, 'data');
    mkdirSync(dataDirectory);
    const state = openStateDatabase(join(dataDirectory, 'state.db'));
    openAgentCredentials(state).register(
      AGENTS.map((agent) => [agent, AGENT_PASSWORD] as const),
      Date.now(),
    );
    state.close();
    const file = join(scratch.path, 'central.yaml');
    const broker = { kind: 'embedded', port: 0 };
    const settings = { dataDirectory, api: { port: 0 }, broker, log: { level: 'warn' } };
    writeFileSync(file, JSON.stringify(settings));
    const program = `ulimit -n ${OPEN_FILES}; exec ${process.execPath} ${PROGRAM} central --config ${file} --json`;
    central = spawn('sh', ['-c', program], { stdio: ['ignore', 'pipe', 'pipe'] });
    central.stderr?.on('data', (part: Buffer) => (log += part.toString()));
    for await (const line of createInterface({ input: central.stdout! })) {
      ready = JSON.parse(line) as Ready;
      if (ready.event === 'ready') break;
    }
  });
  afterAll(async () => {
    for (const attacker of attackers) await attacker.end();
    central.kill('SIGKILL');
    scratch.remove();
  });

  function attack(url: string, localAddress: string): Attacker {
    const attacker = Attacker.start(url, { localAddress, count: 2 * OPEN_FILES });
    attackers.push(attacker);
    return attacker;
  }

  async function sendOne(name: string): Promise<void> {
    const sample: Sample = {
      measurement: 'ping',
      tags: { url: name },
      fields: { average_response_ms: 1 },
      timeMs: Date.now(),
    };
    const agent = await RawAgent.connect(ready.brokerUrl, name);
    await agent.untilStored(agent.send([sample]));
    agent.end();
  }

  it('is said at the start', async () => {
    // Another pipe than that of `ready`.
    await until(() => expect(log).toContain('the limit of open files (ulimit -n, LimitNOFILE) is below'));
    expect(log).toContain(`"openFiles":${OPEN_FILES}`);
  });

  it('ends neither central nor its listening: agents and callers get in afterwards', async () => {
    const floods = [attack(ready.brokerUrl, '127.3.0.1'), attack(ready.apiUrl, '127.3.0.2')];
    for (const flood of floods)
      await vi.waitFor(() => expect(flood.stats.opened).toBe(2 * OPEN_FILES), 20_000);
    await until(() => expect(log).toContain('EMFILE'));
    for (const flood of floods) await flood.end();
    attackers.length = 0;
    await vi.waitFor(() => sendOne('gw-1'), { timeout: 20_000, interval: 500 });
    await sendOne('gw-2');
    expect((await fetch(`${ready.apiUrl}/healthz`)).status).toBe(200);
    const ended = once(central, 'exit');
    central.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
