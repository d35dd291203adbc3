import { request } from 'node:http';

/** Asks with a connection of its own from this local address, with a token if one is given. */
export function statusFrom(localAddress: string, url: URL, token?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const asked = request(url, { localAddress, agent: false, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.once('error', reject);
    asked.end();
  });
}
