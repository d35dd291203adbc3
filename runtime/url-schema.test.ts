import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConfig } from './config.ts';
import { urlSchema, withoutUserInfo } from './url-schema.ts';

const schema = z.strictObject({
  url: urlSchema({ protocol: /^https?$/, expected: 'http://host:port', instead: 'give username' }),
});
const problemOf = (url: unknown): string => {
  try {
    checkConfig('file', { url }, schema);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('an address in a configuration', () => {
  it.each(['http://host', 'https://host:8086/a?b=c@d', 'http://[::1]:80/', 'http://host/@x'])(
    'may be %s',
    (url) => expect(problemOf(url)).toBe(''),
  );

  it.each([
    'http://me:hunter2@host',
    'http://hunter2@host',
    'http://:hunter2@host',
    'https://me:hunter2@host:1/path?x=y@z',
    'ftp://me:hunter2@host',
    'http://me:hun/ter2@host',
    'http://me:hunter2@@host',
    'http://me:hunter2@',
    'http:// me:hunter2@host',
  ])('is refused without showing what it holds: %s', (url) => {
    const problem = problemOf(url);
    expect(problem).toMatch(/^file: url: /);
    expect(problem).not.toMatch(/hun|ter2/);
  });
});

it.each([
  ['mqtt://a:b@host', 'mqtt://[secret]@host'],
  ['mqtt://host', 'mqtt://host'],
  ['a@b', 'a@b'],
  ['', ''],
])('%j is shown as %j', (text, shown) => expect(withoutUserInfo(text)).toBe(shown));
