// Bundles each program with esbuild: about a second, so `npm start` can do it every time.
import { readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { dependencies, version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

await rm(`${root}/dist`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    wardwatch: 'cli/main.ts',
    chaos: 'tests/chaos/main.ts',
    'chaos-edge': 'tests/chaos/edge-process.ts',
    'chaos-broker': 'tests/chaos/broker-process.ts',
    'sparkplug-node': 'tests/support/sparkplug-node-process.ts',
    bench: 'tests/bench/main.ts',
    'bench-load': 'tests/bench/pipeline/load-process.ts',
    'bench-snmp-devices': 'tests/bench/snmp/devices-process.ts',
  },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: Object.keys(dependencies),
  define: { WARDWATCH_VERSION: JSON.stringify(version) },
  sourcemap: true,
  logLevel: 'warning',
});
await cp(`${root}/central/alerts/rules/shipped`, `${root}/dist/shipped`, { recursive: true });
