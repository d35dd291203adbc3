import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { textTable } from './text-table.ts';
import { print, terminalJson, terminalText } from './terminal.ts';

const CLEAR_SCREEN = '\u001b[2J';
const TITLE = '\u001b]0;root\u0007';
const C1_CSI = '\u009b31m';
const REVERSED = 'gw\u202e1';
const HIDDEN = 'gw\u200b-1';
const TAG_CHARACTER = '\u{e0041}';

afterEach(() => vi.restoreAllMocks());

describe('text of an agent', () => {
  it.each([
    ['a clear screen', CLEAR_SCREEN, '\\u001b[2J'],
    ['a title', TITLE, '\\u001b]0;root\\u0007'],
    ['an 8-bit control', C1_CSI, '\\u009b31m'],
    ['reversed text', REVERSED, 'gw\\u202e1'],
    ['what is not seen', HIDDEN, 'gw\\u200b-1'],
    ['what is not seen and needs two units', TAG_CHARACTER, '\\udb40\\udc41'],
    ['half a character', 'a\ud800b', 'a\\ud800b'],
    ['NUL', 'a\0b', 'a\\u0000b'],
    ['another line', 'ok\nFAIL  disk\r\t', 'ok\\nFAIL  disk\\r\\t'],
    ['Vietnamese', 'Phường Bến Nghé', 'Phường Bến Nghé'],
    ['letters with combining marks', 'Phường'.normalize('NFD'), 'Phường'.normalize('NFD')],
  ])('is shown and not obeyed: %s', (_what, text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  it('is the same value in JSON', () => {
    const value = { a: CLEAR_SCREEN + C1_CSI + REVERSED + TAG_CHARACTER + '\n', b: 'Bến "Nghé"' };
    const line = terminalJson(value);
    expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(line)).toEqual(value);
  });

  it('neither breaks a table nor moves its columns', () => {
    const table = textTable(['NAME', 'ROLE'], [[`a\n${CLEAR_SCREEN}`, 'viewer']]);
    expect(table).toBe('NAME          ROLE\na\\n\\u001b[2J  viewer\n');
  });

  it('is stopped at the door, whatever prints it', () => {
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    print(`ok  disk\n\t${CLEAR_SCREEN}\r\n`);
    expect(written).toHaveBeenCalledWith('ok  disk\n\t\\u001b[2J\\u000d\n');
  });
});

it('the program writes to stdout and stderr in few places, each of which knows what it writes', () => {
  const writers = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .filter((name) =>
      /std(out|err)\.write\(|console\./.test(readFileSync(join(import.meta.dirname, name), 'utf8')),
    );
  // Lines that are redrawn hold numbers only.
  expect(writers.sort()).toEqual(['discover.ts', 'progress.ts', 'terminal.ts']);
});
