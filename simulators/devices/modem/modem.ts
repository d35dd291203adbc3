import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import type { AtReplies } from './modem-state.ts';

/** Faults of a modem. */
export interface ModemBehaviour {
  /** Echoes each command, as a modem does before ATE0. */
  readonly echo?: boolean;
  /** Does not answer. */
  readonly isDead?: boolean;
  readonly lagMs?: number;
  /** Replaces the answer to this command. */
  readonly mangle?: (answer: string, command: string) => string;
}

export interface SimulatedModem {
  /** Path of the pseudo-terminal. */
  readonly path: string;
  /** Commands received so far. */
  readonly commands: readonly string[];
  reply(replies: AtReplies): void;
  behave(behaviour: ModemBehaviour): void;
  /** Sends an unsolicited message. */
  send(bytes: string): void;
  /** Removes the port. */
  unplug(): Promise<void>;
  /** Restores the port at the same path. */
  plugIn(): Promise<void>;
  close(): Promise<void>;
}

/** A modem on a pseudo-terminal of socat. Needs the program `socat`. */
export async function startModem(options: {
  readonly socat: string;
  readonly path: string;
  readonly replies: AtReplies;
}): Promise<SimulatedModem> {
  const { socat, path } = options;
  let replies = options.replies;
  let behaviour: ModemBehaviour = {};
  let wire: ChildProcess | undefined;
  const commands: string[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const send = (bytes: string): void => {
    const { lagMs = 0 } = behaviour;
    const timer = setTimeout(() => {
      timers.delete(timer);
      wire?.stdin?.write(Buffer.from(bytes, 'latin1'));
    }, lagMs);
    timers.add(timer);
  };
  const answer = (command: string): void => {
    commands.push(command);
    const { echo = false, isDead = false, mangle } = behaviour;
    if (isDead) return;
    const { lines = [], failure = 'OK' } = replies[command] ?? { failure: 'ERROR' };
    const text = [...lines, '', failure].map((line) => `${line}\r\n`).join('');
    const whole = `${echo ? `${command}\r` : ''}\r\n${text}`;
    send(mangle === undefined ? whole : mangle(whole, command));
  };

  const plugIn = async (): Promise<void> => {
    const child = spawn(socat, ['-d', '-d', `PTY,link=${path},raw,echo=0`, 'STDIO'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    wire = child;
    child.stdin.on('error', () => undefined); // unplugged during an answer
    let waiting = '';
    child.stdout.on('data', (bytes: Buffer) => {
      const parts = (waiting + bytes.toString('latin1')).split(/[\r\n]+/);
      waiting = parts.pop() ?? '';
      for (const command of parts) if (command !== '') answer(command);
    });
    let log = '';
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (bytes: Buffer) => {
        log += bytes.toString();
        if (existsSync(path) && log.includes('starting data transfer loop')) resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`socat ended: ${log.slice(-300)}`)));
    });
  };
  const unplug = async (): Promise<void> => {
    const child = wire;
    wire = undefined;
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  };

  await plugIn();
  return {
    path,
    commands,
    reply: (next) => {
      replies = next;
    },
    behave: (next) => {
      behaviour = next;
    },
    send,
    unplug,
    plugIn,
    close: unplug,
  };
}
