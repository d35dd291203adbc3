// The health check of the simulator's image: exit 0 when the city measures and is connected, else 1 and one line that says what is wrong.
// What it measures is in its journal within a quarter of a second; its connections are those of the container.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const JOURNAL = process.env.WARDWATCH_JOURNAL ?? '/var/lib/wardwatch-simulator/journal';
const CONNECTIONS = process.env.WARDWATCH_CONNECTIONS ?? '/proc/net/tcp';
/** Agents measure every 10 s. */
const QUIET_LIMIT_MS = 60_000;
/** In /proc/net/tcp. */
const ESTABLISHED = '01';

const problem = findProblem();
console.log(problem ?? 'measures, and is connected');
process.exitCode = problem === undefined ? 0 : 1;

function findProblem() {
  try {
    const quietMs = Date.now() - newestWriteMs();
    if (quietMs > QUIET_LIMIT_MS) return `nothing was measured for ${Math.round(quietMs / 1_000)} s`;
    return connectionCount() > 0 ? undefined : 'no agent is connected to the broker';
  } catch (error) {
    return error.message;
  }
}

function newestWriteMs() {
  const times = readdirSync(JOURNAL).map((name) => statSync(join(JOURNAL, name), { throwIfNoEntry: false }));
  return Math.max(0, ...times.map((found) => found?.mtimeMs ?? 0));
}

function connectionCount() {
  const [, ...lines] = readFileSync(CONNECTIONS, 'utf8').split('\n');
  return lines.filter((line) => line.trim().split(/\s+/)[3] === ESTABLISHED).length;
}
