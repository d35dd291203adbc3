import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The build lays it beside the bundle; from source there is none. */
export const BOARD_DIRECTORY = fileURLToPath(new URL('./board/', import.meta.url));

/** A file of the board, as it is sent. */
export interface BoardFile {
  /** As browsers ask for it: `/assets/board-4f2a.js`. */
  readonly path: string;
  readonly type: string;
  /** RFC 9110, 8.8.3; the same for the same bytes. */
  readonly etag: string;
  readonly isImmutable: boolean;
  readonly plain: Buffer;
  /** By the name of the content coding; what the build has made smaller. */
  readonly encoded: ReadonlyMap<ContentCoding, Buffer>;
}

/** The smallest first. */
export const CONTENT_CODINGS = ['br', 'gzip'] as const;
export type ContentCoding = (typeof CONTENT_CODINGS)[number];
const SUFFIX_OF: Readonly<Record<ContentCoding, string>> = { br: '.br', gzip: '.gz' };

export interface Board {
  readonly index: BoardFile;
  /** By path; without index.html, which is what every view gets. */
  readonly files: ReadonlyMap<string, BoardFile>;
  /** Of the elements that index.html itself holds: `'sha256-…'`. */
  readonly scriptHashes: readonly string[];
  readonly styleHashes: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};
const INDEX = '/index.html';
/** Where the build puts files with a hash of their contents in their name. */
const HASHED = /^\/assets\/.*-[\w-]{8,}\.\w+$/;

/**
 * Reads the built board whole, some hundred KiB: what is not in this list can never be asked for, whatever a path looks like. Files of other
 * types are left out. undefined: there is none, as in a checkout that was not built.
 */
export function readBoard(directory: string): Board | undefined {
  if (!existsSync(join(directory, INDEX))) return undefined;
  const found = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
    .map((entry) => join(entry.parentPath, entry.name));
  const files = new Map(
    found.map((file) => {
      const path = file.slice(join(directory, '/').length - 1).replaceAll('\\', '/');
      return [path, readBoardFile(file, path)] as const;
    }),
  );
  const index = files.get(INDEX);
  if (index === undefined) return undefined;
  files.delete(INDEX);
  const html = index.plain.toString('utf8');
  return { index, files, scriptHashes: hashesOf('script', html), styleHashes: hashesOf('style', html) };
}

function readBoardFile(file: string, path: string): BoardFile {
  const plain = readFileSync(file);
  const encoded = CONTENT_CODINGS.flatMap((coding) => {
    const smaller = `${file}${SUFFIX_OF[coding]}`;
    return existsSync(smaller) ? [[coding, readFileSync(smaller)] as const] : [];
  });
  return {
    path,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    isImmutable: HASHED.test(path),
    plain,
    encoded: new Map(encoded),
  };
}

/** What a policy allows by hash (CSP 3, 6.7.2.2): the text between the tags, as it stands. */
function hashesOf(element: 'script' | 'style', html: string): string[] {
  const pattern = new RegExp(`<${element}(?:\\s[^>]*)?>([^]*?)</${element}>`, 'gi');
  return [...html.matchAll(pattern)]
    .map(([, text = '']) => text)
    .filter((text) => text.trim() !== '')
    .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}
