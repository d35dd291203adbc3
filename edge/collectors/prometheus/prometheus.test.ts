import { LABEL_PATTERN_EXPECTED } from './label-pattern.ts';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { MAX_BYTES } from './exposition-reader.ts';
import { prometheusKind } from './prometheus.ts';

const signal = new AbortController().signal;
const commonTags = { host: 'gw-1', site: 's-1' };
const servers: NetServer[] = [];
const sockets = new Set<Socket>();

async function listen(server: NetServer): Promise<string> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}
const serve = (handler: (request: IncomingMessage, response: ServerResponse) => void) =>
  listen(createServer(handler));
const say = (text: string) => serve((_request, response) => void response.end(text));

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

/** A mapping of our own, from the probes of a blackbox exporter to a city service. */
const mappings = {
  blackbox: {
    fields: [
      { metric: 'probe_success', measurement: 'service', field: 'up', tags: { service: 'service' } },
      {
        metric: 'probe_duration_seconds',
        scale: 1_000,
        measurement: 'service',
        field: 'response_ms',
        tags: { service: 'service' },
      },
      {
        metric: 'probe_http_status_code',
        measurement: 'service',
        field: 'status_code',
        tags: { service: 'service' },
      },
    ],
  },
};
const OUTPUT = `# TYPE probe_success gauge
probe_success{service="portal"} 1
probe_success{service="1022"} 0
probe_duration_seconds{service="portal"} 0.25
probe_http_status_code{service="portal"} 200
probe_http_status_code{service="1022"} NaN
probe_ip_protocol{service="portal"} 4
`;

const parse = (config: object) => prometheusKind.configSchema.parse(config);
function collect(urls: readonly string[], more: object = {}, runSignal = signal) {
  const config = parse({
    mappings,
    targets: urls.map((url) => ({ url, mapping: 'blackbox', ...more })),
    deadlineMs: 500,
  });
  return prometheusKind
    .create(config, { clock: systemClock, log: silentLogger, commonTags })
    .collect(runSignal);
}
const problemsOf = (config: object): string[] => {
  const result = prometheusKind.configSchema.safeParse(config);
  return result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('the configuration', () => {
  const target = { url: 'http://10.0.0.5:9100/metrics', mapping: 'node-exporter', pool: 'dc-1' };
  const own = (field: object) => ({
    targets: [{ url: 'http://10.0.0.5/', mapping: 'own' }],
    mappings: {
      own: {
        fields: [{ metric: 'x', measurement: 'service', field: 'up', tags: { service: 's' }, ...field }],
      },
    },
  });

  it('knows the ready mappings', () => {
    expect(problemsOf({ targets: [target] })).toEqual([]);
  });

  it.each([
    [
      { ...target, mapping: 'nagios' },
      'targets.0.mapping: expected one of ceph, kube-state-metrics, node-exporter, openstack-exporter, proxmox, vmware',
    ],
    [{ ...target, pool: undefined }, 'targets.0.pool: is needed with mapping node-exporter'],
    [{ ...target, url: 'ftp://x/' }, 'targets.0.url: expected http://… or https://…'],
    [{ ...target, url: 'http://u:secret@x/' }, 'targets.0.url: must not hold a user name or password'],
    [{ ...target, tags: { colour: 'red' } }, 'targets.0: capacity has no tag colour'],
  ])('refuses the target %j', (bad, problem) => {
    expect(problemsOf({ targets: [bad] })).toEqual([problem]);
  });

  it.each([
    [{ measurement: 'weather' }, 'targets.0: measurement weather is not in the catalogue'],
    [{ measurement: 'pipeline' }, 'targets.0: measurement pipeline is not in the catalogue'],
    [{ field: 'uptime' }, 'targets.0: service has no field uptime'],
    [{ field: 'problem' }, 'targets.0: service.problem is a text, metrics are numbers'],
    [{ tags: { service: 's', colour: 'c' } }, 'targets.0: service has no tag colour'],
    [{ tags: {} }, 'targets.0: service needs the tag service'],
  ])('refuses the mapping %j', (field, problem) => {
    expect(problemsOf(own(field))).toEqual([problem]);
  });

  it('refuses patterns that are none', () => {
    const mapping = { ...mappings.blackbox, labels: [{ from: 'id', pattern: '(?<a' }] };
    const problem = `mappings.own.labels.0.pattern: ${LABEL_PATTERN_EXPECTED}`;
    expect(
      problemsOf({ targets: [{ url: 'http://x/', mapping: 'own' }], mappings: { own: mapping } }),
    ).toEqual([problem]);
  });
});

describe('a run', () => {
  it('turns wanted metrics into fields of the catalogue, one sample a service', async () => {
    const { samples, errors } = await collect([await say(OUTPUT)], { tags: { site: 's-dc' } });
    expect(errors).toEqual([]);
    expect(samples).toMatchObject([
      {
        measurement: 'service',
        tags: { host: 'gw-1', site: 's-dc', service: 'portal' },
        fields: { up: true, response_ms: 250, status_code: 200 },
      },
      { tags: { service: '1022' }, fields: { up: false } },
    ]);
    expect(samples[1]?.fields).not.toHaveProperty('status_code');
  });

  it('asks for both formats and reads OpenMetrics to its end', async () => {
    let accept: string | undefined;
    let end = '# EOF\n';
    const url = await serve((request, response) => {
      accept = request.headers.accept;
      response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8');
      response.end(OUTPUT + end);
    });
    expect((await collect([url])).samples).toHaveLength(2);
    expect(accept).toBe('application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5');
    end = '';
    expect((await collect([url])).errors[0]?.message).toBe(`prometheus ${url}: incomplete: # EOF is missing`);
  });

  it('has an error for each broken exporter and reads the others', async () => {
    const good = await say(OUTPUT);
    const html = await say('<html><body>Login</body></html>');
    const broken = await say(`${OUTPUT}probe_success{service="x" 1\n`);
    const error = await serve((_request, response) => void response.writeHead(503).end('probe_success 1'));
    const elsewhere = await serve(
      (_request, response) => void response.writeHead(302, { location: good }).end(),
    );
    const half = await listen(
      createTcpServer((socket) => {
        socket.once(
          'data',
          () => void socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${OUTPUT}`),
        );
      }),
    );
    const noise = await listen(createTcpServer((socket) => void socket.end(Buffer.from([0, 255, 13, 10]))));
    const urls = [good, html, broken, error, elsewhere, half, noise];
    const { samples, errors } = await collect(urls);
    expect(samples).toHaveLength(2);
    const problems = new Map(errors.map(({ message }) => [message.split(' ')[1]?.slice(0, -1), message]));
    expect(problems.get(html)).toContain('line 1: no metric: "<html>');
    expect(problems.get(broken)).toContain('line 8: labels: "probe_success{');
    expect(problems.get(error)).toContain('status 503, expected 200');
    expect(problems.get(elsewhere)).toContain('status 302, expected 200');
    expect(problems.get(half)).toContain('aborted');
    expect(problems.get(noise)).toMatch(/Parse Error/);
    expect(errors).toHaveLength(6);
  });

  it('does not wait longer than the deadline for a drip', async () => {
    const slow = await serve((_request, response) => {
      const drip = setInterval(() => response.write('# x\n'), 20);
      response.once('close', () => clearInterval(drip));
    });
    const silent = await listen(createTcpServer(() => undefined));
    const { samples, errors } = await collect([slow, silent, await say(OUTPUT)]);
    expect(samples).toHaveLength(2);
    expect(errors.map(({ message }) => message).sort()).toEqual(
      [slow, silent].map((url) => `prometheus ${url}: no complete answer within 500 ms`).sort(),
    );
  });

  it('reads no more than it must of a huge answer', async () => {
    let sent = 0;
    const chunk = '# comment\n'.repeat(10_000);
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
      };
      more();
    });
    const config = parse({ mappings, targets: [{ url, mapping: 'blackbox' }] });
    const collector = prometheusKind.create(config, { clock: systemClock, log: silentLogger, commonTags });
    const { errors } = await collector.collect(signal);
    expect(errors[0]?.message).toBe(`prometheus ${url}: more than ${MAX_BYTES} bytes`);
    expect(sent).toBeLessThan(2 * MAX_BYTES);
  });

  it('sends no pools when it is aborted', async () => {
    const controller = new AbortController();
    const url = await listen(createTcpServer(() => controller.abort(new Error('called off'))));
    const { samples, errors } = await collect([url], {}, controller.signal);
    expect(samples).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([`prometheus ${url}: called off`]);
  });

  it('shows no query of an address, which may hold a secret', async () => {
    const url = await say('x');
    const { errors } = await collect([`${url}?token=secret`]);
    expect(errors[0]?.message).toContain(url);
    expect(errors[0]?.message).not.toContain('secret');
  });
});
