import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptsConnections } from './accepts-connections.ts';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { ServerProcess, temporaryDirectory } from './server-process.ts';

/** Debian's `upsd` on PATH is a wrapper that does nothing unless the machine is set up as a server. */
const PROGRAMS = '/lib/nut';

export interface NutServer {
  readonly port: number;
  /** Sets the values that the driver of a UPS reports. */
  set(ups: string, variables: Readonly<Record<string, string>>): void;
  /** Sends a signal to the driver of a UPS. */
  signal(ups: string, signal: NodeJS.Signals): void;
  kill(ups: string): Promise<void>;
  stop(): Promise<void>;
}

/** A real upsd with one real driver per UPS (`dummy-ups`, which replays a file), on a free port of 127.0.0.1. */
export async function startNut(
  upses: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<NutServer> {
  requirePart('upsd');
  const scratch = temporaryDirectory('nut');
  const state = join(scratch.path, 'state');
  mkdirSync(state, { mode: 0o750 });
  const port = await freePort();
  const env = { ...process.env, NUT_CONFPATH: scratch.path, NUT_STATEPATH: state };
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  const file = (name: string, text: string): void =>
    writeFileSync(join(scratch.path, name), text, { mode: 0o640 });
  const set: NutServer['set'] = (ups, variables) =>
    file(
      `${ups}.dev`,
      Object.entries(variables)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    );

  file('upsd.conf', `LISTEN 127.0.0.1 ${port}\nSTATEPATH ${state}\nMAXAGE 3\n`);
  file('upsd.users', '[reader]\n  password = right\n');
  file(
    'ups.conf',
    Object.keys(upses)
      .map((ups) => `[${ups}]\ndriver = dummy-ups\nport = ${ups}.dev\nmode = dummy-once\npollinterval = 1\n`)
      .join(''),
  );
  for (const [ups, variables] of Object.entries(upses)) set(ups, variables);

  const drivers = new Map(
    Object.keys(upses).map((ups) => [
      ups,
      new ServerProcess({
        program: join(PROGRAMS, 'dummy-ups'),
        args: ['-a', ups, ...user, '-D'],
        env,
        isReady: async () => existsSync(join(state, `dummy-ups-${ups}`)),
      }),
    ]),
  );
  const server = new ServerProcess({
    program: join(PROGRAMS, 'upsd'),
    args: [...user, '-D'],
    env,
    isReady: () => acceptsConnections(port),
  });
  const stop = async (): Promise<void> => {
    await server.dispose();
    for (const driver of drivers.values()) await driver.dispose();
    scratch.remove();
  };
  try {
    for (const driver of drivers.values()) await driver.start();
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  const driverOf = (ups: string): ServerProcess => {
    const driver = drivers.get(ups);
    if (driver === undefined) throw new Error(`no UPS ${ups}`);
    return driver;
  };
  return {
    port,
    set,
    signal: (ups, signal) => void process.kill(driverOf(ups).pid, signal),
    kill: (ups) => driverOf(ups).kill('SIGKILL'),
    stop,
  };
}
