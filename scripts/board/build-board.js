import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'vite';
import { boardConfig } from '../../board/vite.config.js';
import { root } from '../lint/layout.js';

const PACKED = /\.(js|css|html|svg)$/;

/** Builds the web app into dist/board, with each file packed beside it. The files that went into it, as paths from the root. */
export async function buildBoard() {
  const { output } = await build(boardConfig);
  await packFiles(boardConfig.build.outDir);
  return output
    .flatMap(({ moduleIds = [] }) => moduleIds)
    .map((id) => relative(root, id.replace(/^\0/, '').split('?')[0]));
}

/** As central sends them to browsers that take them so. */
async function packFiles(directory) {
  const entries = await readdir(directory, { recursive: true });
  await Promise.all(
    entries
      .filter((name) => PACKED.test(name))
      .map(async (name) => {
        const file = join(directory, name);
        const content = await readFile(file);
        const [gz, br] = await Promise.all([
          promisify(gzip)(content, { level: 9 }),
          promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        ]);
        await Promise.all([writeFile(`${file}.gz`, gz), writeFile(`${file}.br`, br)]);
      }),
  );
}
