import { expect, it } from 'vitest';
import { SseParser } from './sse-parser.ts';

const STREAM =
  'retry: 3000\nid: r-0-1\n\n' +
  'id: r-1-2\nevent: alert\ndata: {"kind":"alert"}\n\n' +
  'id: r-1-2\n: heartbeat\n\n' +
  'event: end\ndata: {"reason":"stopping"}\n\n';
const EVENTS = [
  { name: '', data: '', id: 'r-0-1' },
  { name: 'alert', data: '{"kind":"alert"}', id: 'r-1-2' },
  { name: '', data: '', id: 'r-1-2' },
  { name: 'end', data: '{"reason":"stopping"}', id: 'r-1-2' },
];

it.each([1, 2, 7, 1_000])('reads events in pieces of %i characters', (size) => {
  const parser = new SseParser();
  const pieces = STREAM.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(EVENTS);
});

it('joins lines of data, and gives up on a line without an end', () => {
  const parser = new SseParser();
  expect(parser.push('data: a\ndata: b\n\n')).toEqual([{ name: '', data: 'a\nb', id: '' }]);
  expect(() => parser.push('x'.repeat(5_000_000))).toThrow('not one');
});
