import { fileURLToPath } from 'node:url';

/** Of the board: one page and one script. */
export const boardConfig = {
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: fileURLToPath(new URL('../dist/board', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The policy of the page allows no data: addresses.
    assetsInlineLimit: 0,
    // What a module needs is loaded by the module itself: no script of the build within the page.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    sourcemap: false,
  },
};

export default boardConfig;
