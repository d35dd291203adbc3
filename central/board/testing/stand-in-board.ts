import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const STAND_IN_SCRIPT = `document.title = 'board';\n${'// as long as something that is worth making smaller\n'.repeat(20)}`;
export const STAND_IN_STYLE = 'body { margin: 0 }';

/** As the build lays out the board, and as small as it can be. Returns the directory. */
export function writeStandInBoard(directory: string): string {
  mkdirSync(join(directory, 'assets'), { recursive: true });
  const script = '/assets/board-4f2a9c1d.js';
  const write = (path: string, content: string | Buffer): void =>
    writeFileSync(join(directory, path), content);
  write(
    'index.html',
    `<!doctype html><html lang="vi"><title>Wardwatch</title><style>${STAND_IN_STYLE}</style>` +
      `<script type="module" src="${script}"></script><noscript><a href="/plain">Trang đơn giản</a></noscript></html>`,
  );
  write(script, STAND_IN_SCRIPT);
  write(`${script}.br`, brotliCompressSync(STAND_IN_SCRIPT));
  write(`${script}.gz`, gzipSync(STAND_IN_SCRIPT));
  write('favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  write('notes.map', 'not for browsers');
  return directory;
}
