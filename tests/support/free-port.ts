import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections: none of these can take it before the server listens, or while it restarts. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** A TCP port on 127.0.0.1 that was free when it was checked. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
