import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** End-to-end tests run the built program: it is bundled once, before all of them. */
export default function setup(): void {
  if (process.env['WARDWATCH_NO_BUILD'] !== undefined) return;
  const script = fileURLToPath(new URL('../../scripts/build.js', import.meta.url));
  const built = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the build failed:\n${built.stdout}${built.stderr}`);
}
