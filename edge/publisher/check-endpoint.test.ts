import { describe, expect, it } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { checkEndpoint } from './check-endpoint.ts';

describe('the endpoint', () => {
  it.each([
    ['mqtt://broker.example', { protocol: 'mqtt', host: 'broker.example', port: 1883 }],
    ['mqtts://broker.example', { protocol: 'mqtts', host: 'broker.example', port: 8883 }],
    ['mqtts://[::1]:9000', { protocol: 'mqtts', host: '::1', port: 9000 }],
  ])('reads %s', (url, endpoint) => {
    expect(checkEndpoint('gw-1', { url })).toEqual(endpoint);
  });

  it.each([
    [{ url: 'http://broker.example' }, 'connection.url: expected mqtt://'],
    [{ url: 'broker.example:1883' }, 'connection.url: expected mqtt://'],
    [{ url: 'mqtt://gw:hidden@broker.example' }, 'must not hold a name or password'],
    [{ url: 'mqtts://broker.example', cert: 'PEM' }, 'cert and key'],
    [{ url: 'mqtt://broker.example', ca: 'PEM' }, 'certificates need mqtts://'],
  ])('refuses %j', (connection, problem) => {
    expect(() => checkEndpoint('gw-1', connection)).toThrow(problem);
  });

  it('names the agent id that does not fit into a topic, and never a password', () => {
    try {
      checkEndpoint('GW/1', { url: 'ftp://gw:hidden@broker.example' });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      const text = (error as UserError).message;
      expect(text).toContain(
        'agent: expected 1 to 64 of a-z 0-9 -, and not "central" or "wardwatch-canary" (central itself), got "GW/1"',
      );
      expect(text).not.toContain('hidden');
    }
  });
});
