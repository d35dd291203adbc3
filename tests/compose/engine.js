import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const TIMEOUT_MS = 900_000;

/** Why no engine can be used, in one line; undefined: there is one. */
export function engineProblem() {
  const found = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { encoding: 'utf8' });
  if (found.error !== undefined) return 'the program docker is not installed';
  if (found.status !== 0) return `no Docker engine answers (${lastLine(found.stderr)})`;
  return composeProgram() === undefined
    ? 'neither docker compose nor docker-compose is installed'
    : undefined;
}

/** Resolves to `{ code, output }` of a program, its two outputs together. */
export function run(program, args, { env = {}, timeoutMs = TIMEOUT_MS } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** As `run`, but rejects where the program fails, with the end of what it printed. */
export async function must(program, args, options) {
  const { code, output } = await run(program, args, options);
  if (code !== 0)
    throw new Error(
      `${program} ${args.join(' ')}: exit ${code}\n${output.split('\n').slice(-25).join('\n')}`,
    );
  return output.trim();
}

export const docker = (...args) => must('docker', args);

/** `docker compose`, or the older program with a hyphen; undefined: neither. */
export function composeProgram() {
  if (spawnSync('docker', ['compose', 'version']).status === 0) return ['docker', 'compose'];
  return spawnSync('docker-compose', ['version']).status === 0 ? ['docker-compose'] : undefined;
}

export async function imageExists(image) {
  return (await run('docker', ['image', 'inspect', image])).code === 0;
}

/** Bytes of an image with its base. */
export async function imageBytes(image) {
  return Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
}

export function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Resolves to what `attempt` gives once it gives something; rejects after `timeoutMs` with what was last in the way. */
export async function until(what, attempt, timeoutMs = 120_000) {
  const endMs = performance.now() + timeoutMs;
  let problem = '';
  for (;;) {
    try {
      const found = await attempt();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      problem = `: ${error.message}`;
    }
    if (performance.now() > endMs) throw new Error(`not within ${timeoutMs / 1_000} s: ${what}${problem}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
