import { join } from 'node:path';
import { ServerProcess } from '../../support/server-process.ts';
import { until } from '../sleep.ts';

/** Of 168 units; the one of this machine is live as well, unless a fault darkens another. */
const AGENTS = 1_869;
const START_LIMIT_S = 120;

/** `wardwatch start` with the whole city on free ports, not started yet; `isReady` looks at its log. */
export function wholeCity(
  { dist, directory }: { readonly dist: string; readonly directory: string },
  isReady: (log: string) => boolean,
): ServerProcess {
  const city: ServerProcess = new ServerProcess({
    program: process.execPath,
    args: [
      join(dist, 'wardwatch.js'),
      'start',
      ...['--port', '0', '--broker-port', '0', '--data-dir', join(directory, 'data'), '--json'],
    ],
    isReady: () => Promise.resolve(isReady(city.log)),
  });
  return city;
}

export function untilAllLive(agentsLive: () => number): Promise<void> {
  return until('all agents of the city are live', START_LIMIT_S, () => agentsLive() >= AGENTS);
}
