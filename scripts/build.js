// Bundles each program with the libraries it uses: a few seconds, so `npm start` can do it every time. Only libraries with
// a native part stay in node_modules. --release leaves out the programs of the tests and the source maps: what `npm pack` packs.
import { readdirSync, readFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, transform } from 'esbuild';
import { buildBoard } from './board/build-board.js';
import { yamlForBuild } from './yaml-import.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies, optionalDependencies, version } = readJson('package.json');
const execFileAsync = promisify(execFile);
const isRelease = process.argv.includes('--release');
/** The agent goes to gateways with little flash and slow lines. */
const EDGE_MAX_BYTES = 2_000_000;
/** `.mjs`: where it is copied there is no package.json to say that it is an ES module, and guessing costs Node 9 MB. */
const EDGE_FILE = 'dist/wardwatch-edge.mjs';

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The bench drives a browser with it; nothing that is shipped does.
  external: [...Object.keys({ ...dependencies, ...optionalDependencies }), 'playwright-core'],
  // Its file in CommonJS could not be imported on demand: see `checkLazyImports`.
  alias: { 'h3-js': 'h3-js/dist/h3-js.es.js' },
  define: { WARDWATCH_VERSION: JSON.stringify(version) },
  // Node keeps the source of every module in memory: without comments and indents it is half as much.
  minifyWhitespace: true,
  lineLimit: 200,
  sourcemap: !isRelease,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
/** Libraries in CommonJS ask for Node's own modules by `require`, which an ES module does not have. */
const REQUIRE =
  "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";
const testPrograms = {
  chaos: 'tests/chaos/main.ts',
  'chaos-edge': 'tests/chaos/edge-process.ts',
  'chaos-broker': 'tests/chaos/broker-process.ts',
  attacker: 'tests/support/attacker-process.ts',
  'shift-clock': 'tests/support/shift-clock.js',
  'sparkplug-node': 'tests/support/sparkplug-node-process.ts',
  bench: 'tests/bench/main.ts',
  rehearse: 'rehearsal/main.ts',
  'bench-load': 'tests/bench/pipeline/load-process.ts',
  'bench-snmp-devices': 'tests/bench/snmp/devices-process.ts',
};

await rm(`${root}/dist`, { recursive: true, force: true });
await mkdir(`${root}/dist`);
const [programs, edge, boardFiles] = await Promise.all([buildPrograms(), buildEdge(), buildBoard()]);
const results = [programs, edge];
await cp(`${root}/central/alerts/rules/shipped`, `${root}/dist/shipped`, { recursive: true });
await cp(`${root}/simulators/scenarios`, `${root}/dist/scenarios`, {
  recursive: true,
  filter: (file) => !file.endsWith('.ts'),
});
await cp(`${root}/node_modules/@fastify/swagger-ui/static`, `${root}/dist/swagger-ui`, { recursive: true });
for (const { metafile } of results) checkLazyImports(metafile.inputs);
const files = [...results.flatMap(({ metafile }) => Object.keys(metafile.inputs)), ...boardFiles];
await writeFile(`${root}/dist/licences.txt`, licencesOf(files));
await mkdir(`${root}/dist/schemas`);
await Promise.all(['central', 'edge', 'inventory', 'rule', 'notify', 'profile'].map(writeSchema));

/** For editors: what `wardwatch schema` prints. */
async function writeSchema(name) {
  const program = [`${root}/dist/wardwatch.js`, 'schema', name];
  const { stdout } = await execFileAsync(process.execPath, program, { maxBuffer: 16 * 1024 * 1024 });
  await writeFile(`${root}/dist/schemas/${name}.schema.json`, stdout);
}

function buildPrograms() {
  return build({
    ...common,
    entryPoints: {
      wardwatch: 'cli/main.ts',
      'yaml-worker': 'runtime/yaml-worker.ts',
      'rehearse-worker': 'rehearsal/workers/rehearse-worker.ts',
      ...(!isRelease && testPrograms),
    },
    outdir: 'dist',
    splitting: true,
    banner: { js: `${REQUIRE}\nconst WARDWATCH_DIST = import.meta.dirname;` },
    plugins: [withoutTranslations(), swaggerUiFromDist(), yamlForBuild()],
  });
}

/**
 * The agent in one file that needs Node alone. Names are shortened in a second step: in one step esbuild would write each module in
 * CommonJS as an arrow function, which V8 compiles at once and whole, needed or not (11 MiB at the start instead of 5).
 */
async function buildEdge() {
  const result = await build({
    ...common,
    entryPoints: ['cli/edge-main.ts'],
    outfile: EDGE_FILE,
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    plugins: [withoutTranslations(), withoutUnused(), yamlForBuild()],
    minifySyntax: true,
    sourcemap: !isRelease && 'inline',
    write: false,
  });
  const { format, target, lineLimit, legalComments, sourcemap } = common;
  const [bundle] = result.outputFiles;
  const { code, map } = await transform(bundle.contents, {
    ...{ format, target, lineLimit, legalComments, sourcemap },
    sourcefile: 'wardwatch-edge.mjs',
    minify: true,
  });
  if (code.length > EDGE_MAX_BYTES)
    throw new Error(`${EDGE_FILE} has ${code.length} bytes, at most ${EDGE_MAX_BYTES} are allowed`);
  const mapName = `${basename(EDGE_FILE)}.map`;
  await writeFile(`${root}/${EDGE_FILE}`, isRelease ? code : `${code}//# sourceMappingURL=${mapName}\n`);
  if (!isRelease) await writeFile(`${root}/dist/${mapName}`, map);
  await chmod(`${root}/${EDGE_FILE}`, 0o755);
  return result;
}

/** Zod's messages in fifty languages would be a seventh of the agent, and text that central holds in memory; English is built in. */
function withoutTranslations() {
  return {
    name: 'without-translations',
    setup({ onLoad }) {
      onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {}' }));
    },
  };
}

/** Of libraries what the agent never runs: SOCKS proxies to the broker, and devices that speak Modbus. */
function withoutUnused() {
  return {
    name: 'without-unused',
    setup({ onLoad }) {
      const socks = "module.exports = () => { throw new Error('the agent knows no SOCKS proxy'); };";
      onLoad({ filter: /mqtt[\\/]build[\\/]lib[\\/]connect[\\/]socks\.js$/ }, () => ({ contents: socks }));
      onLoad({ filter: /modbus-serial[\\/]servers[\\/]server\w+\.js$/ }, () => ({
        contents: 'module.exports = undefined;',
      }));
    },
  };
}

/** The API's pages are files, which this library looks for beside its own source. */
function swaggerUiFromDist() {
  const STATIC_FOLDER = /path\.join\(__dirname, (?:'\.\.', )?'(?:\.\/)?static(\/[\w.]+)?'\)/;
  return {
    name: 'swagger-ui-from-dist',
    setup({ onLoad }) {
      onLoad({ filter: /@fastify[\\/]swagger-ui[\\/](index|lib[\\/]routes)\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!STATIC_FOLDER.test(source)) throw new Error(`${path} names its folder in another way`);
        const contents = source.replace(
          STATIC_FOLDER,
          (_all, file = '') => `path.join(WARDWATCH_DIST, 'swagger-ui${file}')`,
        );
        return { contents };
      });
    },
  };
}

/** esbuild gives `import()` of a module in CommonJS no named exports once it is in a chunk of its own; Node does. */
function checkLazyImports(inputs) {
  for (const [file, { imports }] of Object.entries(inputs)) {
    const broken = imports.find(
      ({ kind, path }) => kind === 'dynamic-import' && inputs[path]?.format === 'cjs',
    );
    if (broken !== undefined) throw new Error(`${file} imports ${broken.path} on demand, which is CommonJS`);
  }
}

/** The licences of the bundled libraries, which go where their code goes. */
function licencesOf(files) {
  const folders = files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version: libraryVersion, license } = readJson(`${folder}/package.json`);
      const file = readdirSync(`${root}/${folder}`).find((each) => /^licen[cs]e/i.test(each));
      const text = file === undefined ? '' : readFileSync(`${root}/${folder}/${file}`, 'utf8').trim();
      return `${name} ${libraryVersion} (${license})\n\n${text}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function readJson(file) {
  return JSON.parse(readFileSync(`${root}/${file}`, 'utf8'));
}
