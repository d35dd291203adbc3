import { Agent as HttpAgent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { dial, type DialOptions, type Endpoint } from './dial.ts';
import { dialTls, type TlsOptions } from './dial-tls.ts';

/** Host and port of a web address. */
export function webEndpoint({ protocol, hostname, port }: URL): Endpoint {
  const usual = protocol === 'https:' ? 443 : 80;
  // Sockets take an IPv6 address without the brackets of a URL.
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? usual : Number(port) };
}

/** Connects to the host of an http:// or https:// address. */
export async function dialWeb(url: URL, options: DialOptions, tls: TlsOptions = {}): Promise<Socket> {
  const endpoint = webEndpoint(url);
  return url.protocol === 'https:' ? dialTls(endpoint, tls, options) : (await dial(endpoint, options)).socket;
}

/** A pool of connections to one web address. `options.signal` ends attempts that are under way. */
export function createHttpAgent(
  url: URL,
  pool: AgentOptions,
  options: DialOptions,
  tls: TlsOptions = {},
): HttpAgent {
  const agent = url.protocol === 'https:' ? new HttpsAgent(pool) : new HttpAgent(pool);
  agent.createConnection = (
    _request: ClientRequestArgs,
    callback?: (error: Error | null, socket: Socket) => void,
  ) => {
    dialWeb(url, options, tls).then(
      (socket) => callback?.(null, socket),
      // Node reads no socket beside an error.
      (error: unknown) => (callback as ((error: Error) => void) | undefined)?.(error as Error),
    );
    return undefined;
  };
  return agent;
}
