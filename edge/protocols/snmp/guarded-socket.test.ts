import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { GuardedSocket, type GuardedSocketOptions } from './guarded-socket.ts';
import { Incidents } from './incidents.ts';

/** All of 127.0.0.0/8 is this machine. */
const ASKED = '127.0.0.1';
const OTHER = '127.0.0.2';

const opened: { close(): void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

async function bound(address: string): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  opened.push(socket);
  return socket;
}

/** A device that is asked at one address and answers each request from another. */
async function routerOfTwoAddresses() {
  const [asked, other] = [await bound(ASKED), await bound(OTHER)];
  asked.on('message', (_request, { port, address }) => other.send('answer', port, address));
  return { port: asked.address().port, asked };
}

class Watched extends Incidents {
  #tell: (address: string) => void = () => undefined;
  readonly elsewhere = new Promise<string>((resolve) => (this.#tell = resolve));
  override onElsewhere(address: string): void {
    super.onElsewhere(address);
    this.#tell(address);
  }
}

function open(more: Partial<GuardedSocketOptions> = {}) {
  const incidents = new Watched({ isEncrypted: false });
  const socket = new GuardedSocket('udp4', incidents, more);
  opened.push(socket);
  const received = new Promise<string>((resolve) => {
    socket.on('message', (bytes) => resolve(String(bytes)));
  });
  const ask = (port: number) => socket.send(Buffer.from('request'), 0, 7, port, ASKED, () => undefined);
  return { incidents, received, ask };
}

describe('a device that answers from another address', () => {
  it('is named with that address once a request is repeated', async () => {
    const router = await routerOfTwoAddresses();
    const { incidents, ask } = open();
    ask(router.port);
    await once(router.asked, 'message');
    ask(router.port);
    expect(await incidents.elsewhere).toBe(OTHER);
    expect(incidents.timeout()).toMatchObject({
      code: 'timeout',
      message: 'it answers from another address: say answersFrom: 127.0.0.2 if that is its own',
    });
  });

  it('is read when the settings say so', async () => {
    const router = await routerOfTwoAddresses();
    const { received, ask } = open({ answersFrom: OTHER });
    ask(router.port);
    expect(await received).toBe('answer');
  });

  it('may answer from the one that is asked, too, and from no other', async () => {
    const [device, stranger] = [await bound(ASKED), await bound('127.0.0.3')];
    device.on('message', (_request, { port, address }) => {
      stranger.send('forged', port, address, () => device.send('answer', port, address));
    });
    const { received, ask } = open({ answersFrom: OTHER });
    ask(device.address().port);
    expect(await received).toBe('answer');
  });
});
