import { expect, it } from 'vitest';
import { isOfOwnPage } from './own-page.ts';

const OWN = 'https://wardwatch.example';
const board = { 'x-wardwatch-board': '1', host: 'wardwatch.example' };

it.each([
  ['a page of central over TLS', { ...board, origin: OWN, 'sec-fetch-site': 'same-origin' }, undefined, true],
  [
    'one over plain HTTP, where browsers say less',
    { ...board, origin: 'http://wardwatch.example' },
    undefined,
    true,
  ],
  [
    'one behind a proxy that asks by another name',
    { ...board, host: '10.0.0.5:8080', origin: OWN },
    OWN,
    true,
  ],
  [
    'one behind a proxy of which central does not know',
    { ...board, host: '10.0.0.5:8080', origin: OWN },
    undefined,
    false,
  ],
  ['a form elsewhere, which can add no header', { host: board.host, origin: OWN }, undefined, false],
  [
    'a page of another site',
    { ...board, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    undefined,
    false,
  ],
  [
    'a page of another site that a proxy made say so',
    { ...board, origin: OWN, 'sec-fetch-site': 'cross-site' },
    undefined,
    false,
  ],
  [
    'another name of the same site',
    { ...board, origin: OWN, 'sec-fetch-site': 'same-site' },
    undefined,
    false,
  ],
  ['another port', { ...board, origin: 'http://wardwatch.example:81' }, undefined, false],
  ['a sandboxed frame', { ...board, origin: 'null' }, undefined, false],
  ['nobody knows what', board, undefined, false],
  ['another value', { ...board, 'x-wardwatch-board': '0', origin: OWN }, undefined, false],
])('%s: %o', (_, headers, ownOrigin, expected) => {
  expect(isOfOwnPage(headers, ownOrigin)).toBe(expected);
});
