import { fileURLToPath } from 'node:url';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { describeWithNamespaces } from '../support/namespaces.ts';
import { findProgram } from '../support/find-program.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { PROGRAM } from '../support/wardwatch.ts';

/** A program that joins two namespaces by a line of that delay; it is no part of the project. */
const LINE = fileURLToPath(new URL('../../../shared/data/reports/slow-line/slow_line.py', import.meta.url));
const hasLine = existsSync(LINE) && existsSync('/dev/net/tun') && findProgram('python3') !== undefined;
const NAME = 'broker.city.test';

describeWithNamespaces(
  `a line of 200 ms each way${hasLine ? '' : ' [needs slow_line.py and python3]'}`,
  () => {
    const edge = `ww-edge-${process.pid}`;
    const core = `ww-core-${process.pid}`;
    const started: ChildProcess[] = [];
    let directory: TemporaryDirectory;

    beforeAll(async () => {
      if (!hasLine) return;
      directory = temporaryDirectory('slow-line');
      for (const name of [edge, core]) spawnSync('ip', ['netns', 'add', name]);
      mkdirSync(`/etc/netns/${edge}`, { recursive: true });
      // The second address leads nowhere: there is no IPv6 on this line.
      writeFileSync(`/etc/netns/${edge}/hosts`, `127.0.0.1 localhost\n10.77.2.2 ${NAME}\nfd77::2 ${NAME}\n`);
      const line = spawn('python3', [LINE, edge, core, '200']);
      started.push(line);
      await once(line.stdout, 'data');
      const page = `require('node:net').createServer((s) => { s.on('error', () => 0); s.end('HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n'); }).listen(9100, '10.77.2.2', () => console.log('ready'))`;
      const server = spawn('ip', ['netns', 'exec', core, process.execPath, '-e', page]);
      started.push(server);
      await once(server.stdout, 'data');
    });

    afterAll(async () => {
      for (const child of started) {
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      if (!hasLine) return;
      for (const name of [edge, core]) spawnSync('ip', ['netns', 'delete', name]);
      rmSync(`/etc/netns/${edge}`, { recursive: true });
      directory.remove();
    });

    it.skipIf(!hasLine)(
      'to a name with an address that leads nowhere is long, but no loss and no fault',
      async () => {
        const file = join(directory.path, 'edge.yaml');
        const config = {
          agent: 'gw-1',
          dataDirectory: join(directory.path, 'data'),
          broker: { url: `mqtt://${NAME}:9101` },
          collectors: [
            { kind: 'ping', targets: [NAME], method: 'tcp', port: 9_100, count: 2, replyTimeoutMs: 2_000 },
            { kind: 'service', checks: [{ service: 'page', type: 'http', url: `http://${NAME}:9100/` }] },
          ],
        };
        writeFileSync(file, stringify(config));
        const run = (...args: string[]) =>
          spawnSync('ip', ['netns', 'exec', edge, process.execPath, PROGRAM, ...args, '--config', file], {
            encoding: 'utf8',
          });
        const read = run('edge', '--once');
        expect(read.stderr).toBe('');
        expect(read.stdout).toMatch(/percent_packet_loss +0 /);
        expect(read.stdout).toMatch(/average_response_ms +4\d\d\./);
        expect(read.stdout).toMatch(/up +true/);
        const doctor = run('doctor');
        expect(doctor.stdout).toContain(
          `FAIL  broker port: ${NAME}:9101: fd77::2: network unreachable; 10.77.2.2: connection refused`,
        );
      },
    );
  },
);
