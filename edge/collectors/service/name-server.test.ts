import { expect, it } from 'vitest';
import { nameServerEndpoint } from './name-server.ts';

it.each([
  ['10.1.2.3', '10.1.2.3', 53],
  ['10.1.2.3:5353', '10.1.2.3', 5_353],
  ['2001:db8::53', '2001:db8::53', 53],
  ['[2001:db8::53]', '2001:db8::53', 53],
  ['[2001:db8::53]:5353', '2001:db8::53', 5_353],
])('a name server may be %s', (text, host, port) => expect(nameServerEndpoint(text)).toEqual({ host, port }));

it.each(['ns.example.vn', '10.1.2.3:0', '10.1.2.3:65536', '10.1.2.3:', '[10.1.2.3]', '[::1', '', '1:2:3'])(
  'a name server is not %j',
  (text) => expect(nameServerEndpoint(text)).toBeUndefined(),
);
