import { afterEach, describe, expect, it } from 'vitest';
import { createHostLookup, knownAddresses } from './host-lookup.ts';
import { dnsServer } from './testing/dns-server.ts';
import { closeServers } from '../testing/servers.ts';

const HOSTS = `# local
127.0.0.1\tlocalhost
10.1.0.5   dvc.example.vn DVC-2.example.vn # two names
fd00::5    dvc.example.vn
rubbish    bad.example.vn
`;
const signal = new AbortController().signal;

afterEach(closeServers);

describe('the hosts file', () => {
  it.each([
    ['dvc.example.vn', ['10.1.0.5', 'fd00::5']],
    ['DVC-2.Example.VN.', ['10.1.0.5']],
    ['10.9.9.9', ['10.9.9.9']],
    ['::1', ['::1']],
    ['localhost', ['127.0.0.1', '::1']],
    ['app.localhost', ['127.0.0.1', '::1']],
    ['bad.example.vn', []],
    ['names', []],
    ['rubbish', []],
  ])('has for %s: %j', (name, addresses) => {
    expect(knownAddresses(name, HOSTS).map(({ address }) => address)).toEqual(addresses);
  });
});

describe('a name server', () => {
  const lookupBy = async (answer: Parameters<typeof dnsServer>[0]) =>
    createHostLookup({ hosts: '', servers: [`127.0.0.1:${await dnsServer(answer)}`] });

  it('is asked for addresses of both families', async () => {
    const lookup = await lookupBy(({ type }) =>
      type === 'A' ? { addresses: ['10.2.0.1', '10.2.0.2'] } : { addresses: ['fd00::7'] },
    );
    expect(await lookup('app.example.vn', signal)).toEqual([
      { address: '10.2.0.1', family: 4 },
      { address: '10.2.0.2', family: 4 },
      { address: 'fd00::7', family: 6 },
    ]);
  });

  it('may have addresses of one family only', async () => {
    const lookup = await lookupBy(({ type }) => ({ addresses: type === 'A' ? ['10.2.0.1'] : [] }));
    expect(await lookup('app.example.vn', signal)).toEqual([{ address: '10.2.0.1', family: 4 }]);
  });

  it.each([
    [3, 'no such name'],
    [2, 'the name server failed'],
    [5, 'the name server refused'],
  ])('that answers with code %d is quoted', async (rcode, problem) => {
    const lookup = await lookupBy(() => ({ rcode }));
    await expect(lookup('app.example.vn', signal)).rejects.toThrow(
      `name app.example.vn not found: ${problem}`,
    );
  });

  it('that does not answer is abandoned when the probe is aborted', async () => {
    const controller = new AbortController();
    const lookup = await lookupBy(() => {
      controller.abort();
      return undefined;
    });
    await expect(lookup('app.example.vn', controller.signal)).rejects.toThrow('app.example.vn not found');
  });
});
