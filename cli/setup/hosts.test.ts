import { describe, expect, it } from 'vitest';
import { distinctHosts, hostInUrl, parseHost } from './hosts.ts';

describe('a host', () => {
  it.each([
    ['wardwatch.example.vn', 'dns', 'wardwatch.example.vn', 'wardwatch.example.vn'],
    ['Broker-1.Example.VN', 'dns', 'broker-1.example.vn', 'broker-1.example.vn'],
    ['localhost', 'dns', 'localhost', 'localhost'],
    ['10.20.0.5', 'ip', '10.20.0.5', '10.20.0.5'],
    ['2001:db8::26', 'ip', '2001:db8::26', '[2001:db8::26]'],
    ['[2001:DB8::26]', 'ip', '2001:db8::26', '[2001:db8::26]'],
  ])('%s is a %s', (text, type, value, inUrl) => {
    const host = parseHost(text);
    expect(host).toEqual({ type, value });
    expect(hostInUrl(host)).toBe(inUrl);
  });

  it.each([
    ['', /expected a host name or an IP address, such as .*, got ""$/],
    ['ward watch', /got "ward watch"$/],
    ['wardwatch.example.vn ', /host name/],
    ['https://wardwatch.example.vn', /host name/],
    ['wardwatch.example.vn:8443', /without a port/],
    ['[2001:db8::26]:8443', /without a port/],
    ['10.20.0.300', /IP address/],
    ['[10.20.0.5]', /IP address/],
    ['fe80::1%eth0', /without a zone/],
    ['-a.example.vn', /host name/],
    ['a..example.vn', /host name/],
    ['*.example.vn', /host name/],
    ['phường.example.vn', /host name/],
    ['a\nb', /host name/],
    [`${'a'.repeat(64)}.vn`, /host name/],
    [Array(64).fill('abc').join('.'), /host name/],
  ])('is not %j', (text, problem) => {
    expect(() => parseHost(text)).toThrow(problem);
  });

  it('counts once, however it is written', () => {
    const hosts = ['a.vn', 'A.vn', '2001:db8::1', '[2001:db8::1]'].map(parseHost);
    expect(distinctHosts(hosts).map(({ value }) => value)).toEqual(['a.vn', '2001:db8::1']);
  });
});
