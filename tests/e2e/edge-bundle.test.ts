import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AGENT_PASSWORD, CentralProgram } from '../support/central-program.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

const BUNDLE = fileURLToPath(new URL('../../dist/wardwatch-edge.mjs', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../../examples/edge.yaml', import.meta.url));
const AGENT = 'gw-26734-01';
const SOON = { timeout: 30_000, interval: 100 };

/** Nothing but the agent's one file is here: no node_modules above it either. */
let machine: TemporaryDirectory;
beforeEach(() => {
  machine = temporaryDirectory('edge-bundle');
  copyFileSync(BUNDLE, join(machine.path, 'wardwatch-edge.mjs'));
});
afterEach(() => machine.remove());

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['wardwatch-edge.mjs', ...args], {
    cwd: machine.path,
    encoding: 'utf8',
  });
}

function writeConfig(settings: object): void {
  const config = {
    agent: AGENT,
    dataDirectory: join(machine.path, 'data'),
    broker: { url: 'mqtt://127.0.0.1:1', username: AGENT, password: AGENT_PASSWORD },
    collectors: [{ kind: 'server' }],
    ...settings,
  };
  writeFileSync(join(machine.path, 'edge.yaml'), JSON.stringify(config));
}

describe('the agent in one file', () => {
  it('explains itself', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Usage: wardwatch-edge .*discover.*doctor/s);
  });

  it('reads the example configuration', () => {
    copyFileSync(EXAMPLE, join(machine.path, 'edge.yaml'));
    const { stdout } = run('--config', 'edge.yaml', '--once');
    expect(stdout).toContain('usage_active');
  });

  it('measures, and names what it cannot load', () => {
    const modem = { device: 'm-1', source: 'at', port: '/dev/ttyS99' };
    writeConfig({ collectors: [{ kind: 'server' }, { kind: 'cellular', modems: [modem] }] });
    const { status, stdout, stderr } = run('--config', 'edge.yaml', '--once');
    expect(status).toBe(1);
    expect(stdout).toMatch(/^mem /m);
    expect(stderr).toContain('run "npm install serialport@13" in the directory of the agent');
  });

  it('sends to central, and stops when asked', async () => {
    const centralDirectory = temporaryDirectory('edge-bundle-central');
    const central = await CentralProgram.start({ directory: centralDirectory.path, agents: [AGENT] });
    let agent: ChildProcess | undefined;
    try {
      writeConfig({ broker: { url: central.brokerUrl, username: AGENT, password: AGENT_PASSWORD } });
      agent = spawn(process.execPath, ['wardwatch-edge.mjs', '--config', 'edge.yaml'], {
        cwd: machine.path,
        stdio: 'ignore',
      });
      await vi.waitFor(async () => {
        expect((await central.ledgerOf(AGENT))?.storedPoints).toBeGreaterThan(0);
      }, SOON);
      const exited = once(agent, 'exit');
      agent.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      agent?.kill('SIGKILL');
      await central.end('SIGTERM');
      centralDirectory.remove();
    }
  });
});
