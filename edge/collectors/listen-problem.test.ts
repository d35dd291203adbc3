import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { DatagramListener } from '../protocols/events/datagram-listener.ts';
import { listenProblem } from './listen-problem.ts';
import { OpenListeners } from './open-listeners.ts';

const failure = (code: string, port: number, syscall: string) =>
  Object.assign(new Error(`${syscall} ${code} 0.0.0.0:${port}`), { code, port, syscall, address: '0.0.0.0' });

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

describe('a port that cannot be listened on', () => {
  it.each([
    [
      'EADDRINUSE',
      514,
      'bind',
      'such as rsyslogd or syslog-ng (as root, "ss -lunp \'sport = :514\'" names it)',
    ],
    ['EADDRINUSE', 162, 'bind', 'such as snmptrapd (as root'],
    ['EADDRINUSE', 6_514, 'listen', 'such as rsyslogd or syslog-ng (as root, "ss -ltnp'],
    ['EADDRINUSE', 8_186, 'listen', 'another program or collector has this port (as root'],
    ['EACCES', 514, 'bind', 'CAP_NET_BIND_SERVICE'],
    ['EADDRNOTAVAIL', 514, 'bind', 'does not have this address (bind EADDRNOTAVAIL 0.0.0.0:514)'],
    ['ENOBUFS', 514, 'bind', 'bind ENOBUFS 0.0.0.0:514'],
  ])('%s of %d (%s): %s', (code, port, syscall, text) => {
    expect(listenProblem(failure(code, port, syscall))).toContain(text);
  });

  it('over UDP and TCP, as the system tells it, names the port and what to do', async () => {
    const udp = createSocket('udp4').bind(0, '127.0.0.1');
    const tcp = createServer().listen(0, '127.0.0.1');
    closing.push(
      () => udp.close(),
      () => tcp.close(),
    );
    await Promise.all([once(udp, 'listening'), once(tcp, 'listening')]);
    const at = { address: '127.0.0.1', port: udp.address().port };
    const listener = new DatagramListener(at, { onMessage: () => undefined, onError: () => undefined });
    const second = createServer();
    const inputs = new OpenListeners(
      'syslog',
      [
        {
          name: `udp ${at.address} port ${at.port}`,
          open: () => listener.open(),
          close: async () => undefined,
        },
        {
          name: 'tcp',
          open: async () => {
            second.listen((tcp.address() as AddressInfo).port, '127.0.0.1');
            await once(second, 'listening');
          },
          close: async () => undefined,
        },
      ],
      silentLogger,
    );
    await expect(inputs.open()).rejects.toThrow(
      new RegExp(
        `syslog: udp 127.0.0.1 port ${at.port}: another program or collector has this port .*ss -lunp.*; syslog: tcp: another.*ss -ltnp`,
      ),
    );
  });
});
