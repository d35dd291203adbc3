import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const servers = new Set<{ close(): void }>();
const sockets = new Set<Socket>();

/** Waits until it listens on 127.0.0.1; closed by closeServers(). */
export async function listen(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.add(server);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A TCP server; the test handles each connection. */
export function tcpServer(onConnection: (socket: Socket) => void): Promise<number> {
  return listen(createServer(onConnection));
}

/** A line server: sends `greeting`, and `answer` to each line (undefined: nothing). */
export function lineServer(
  greeting: string,
  answer: (line: string, socket: Socket) => string | undefined,
): Promise<number> {
  return tcpServer((socket) => talk(socket, greeting, answer));
}

export function talk(
  socket: Socket,
  greeting: string,
  answer: (line: string, socket: Socket) => string | undefined,
): void {
  let text = '';
  if (greeting !== '') socket.write(greeting);
  socket.on('data', (chunk) => {
    text += chunk.toString();
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const reply = answer(text.slice(0, end).trim(), socket);
      text = text.slice(end + 1);
      if (reply !== undefined) socket.write(reply);
    }
  });
}

/** Sends back what `answer` makes of each datagram (none: silence). */
export async function udpServer(
  answer: (message: Buffer, from: RemoteInfo) => readonly Buffer[],
): Promise<number> {
  const socket: UdpSocket = createSocket('udp4');
  socket.on('message', (message, from) => {
    for (const reply of answer(message, from)) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  servers.add(socket);
  return socket.address().port;
}

export function closeServers(): void {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  sockets.clear();
  servers.clear();
}
