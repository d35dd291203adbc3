import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { describeWithNamespaces, inNamespace, RouterChain } from '../support/namespaces.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/wardwatch.js', import.meta.url));
const SERVER = '10.26.1.2';

/** A gateway and the city's ndt7 server, as built, at the ends of a line that the kernel holds to 10 Mbit/s. */
describeWithNamespaces('a line of 10 Mbit/s with deep buffers', () => {
  let directory: string;
  let line: RouterChain;
  let server: ChildProcess;

  const shape = (machine: number, device: string): void =>
    inNamespace(
      line.name(machine),
      ...`tc qdisc add dev ${device} root tbf rate 10mbit burst 16kb latency 300ms`.split(' '),
    );

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-line-'));
    line = new RouterChain(2);
    shape(0, 'down1');
    shape(1, 'up1');
    const arguments_ = ['netns', 'exec', line.name(1), process.execPath, PROGRAM, 'ndt7', '--json'];
    server = spawn('ip', arguments_, { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(createInterface({ input: server.stdout! }), 'line');
  });
  afterAll(async () => {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
    line.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  /** One run of the agent's collector, as its user sees it. */
  async function edgeOnce(name: string): Promise<Sample['fields']> {
    const config = {
      agent: 'gw-1',
      dataDirectory: join(directory, name),
      broker: { url: 'mqtt://127.0.0.1' },
      collectors: [
        {
          kind: 'internet_speed',
          server: `ws://${SERVER}:4443`,
          contractedDownloadMbps: 10,
          contractedUploadMbps: 10,
          durationMs: 3_000,
        },
      ],
    };
    const file = join(directory, `${name}.json`);
    writeFileSync(file, JSON.stringify(config));
    const arguments_ = ['netns', 'exec', line.name(0), process.execPath, PROGRAM];
    const child = spawn('ip', [...arguments_, 'edge', '--config', file, '--once', '--print', 'json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (text) => lines.push(text));
    await once(child, 'close');
    expect(lines).toHaveLength(1);
    return (JSON.parse(lines[0]!) as Sample).fields;
  }

  it('is measured as what it is, and its buffers show under load', async () => {
    const fields = await edgeOnce('whole');
    expect(fields).toMatchObject({ status: 'ok', download_capped: false, upload_capped: false });
    // What is left of 10 Mbit/s for data: headers take 5 %, and a machine with other work some more.
    for (const direction of ['download', 'upload']) {
      expect(Number(fields[direction])).toBeGreaterThan(5);
      expect(Number(fields[direction])).toBeLessThan(10);
    }
    expect(fields['latency']).toBeLessThan(10);
    expect(fields['rtt_loaded_ms']).toBeGreaterThan(20);
    // What waits on the loaded connection counts, too: more than what others on the line wait.
    expect(fields['rpm']).toBeLessThan(3_000);
    expect(fields['rpm_probes']).toBeGreaterThan(5);
  });

  it('that goes down in the test had an outage, not a slow test', async () => {
    const running = edgeOnce('cut');
    await expect
      .poll(() => connectionsAt(line.name(1)), { timeout: 20_000, interval: 100 })
      .toBeGreaterThan(0);
    inNamespace(line.name(0), 'ip', 'link', 'set', 'down1', 'down');
    expect(await running).toEqual({
      status: 'outage',
      result_code: 1,
      reason: expect.stringMatching(/^the line went down in the test; download: /) as string,
    });
  });

  it('that is down has an outage', async () => {
    expect(await edgeOnce('down')).toMatchObject({ status: 'outage', result_code: 1 });
  });
});

/** Bytes on their way in established connections of that port. */
function connectionsAt(namespace: string): number {
  const tcp = execFileSync('ip', ['netns', 'exec', namespace, 'cat', '/proc/net/tcp'], { encoding: 'utf8' });
  // Local port 4443 (115B), state established (01), something to send.
  return tcp.split('\n').filter((text) => /:115B \S+ 01 (?!00000000:)/.test(text)).length;
}
