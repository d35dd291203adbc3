import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import type { AtReplies } from './modem-state.ts';

/** What a modem does beside answering. */
export interface ModemBehaviour {
  /** Repeats each command, as a modem does before ATE0. */
  readonly echo?: boolean;
  /** Says nothing. */
  readonly isDead?: boolean;
  readonly lagMs?: number;
  /** What goes on the wire in place of the answer to this command. */
  readonly mangle?: (answer: string, command: string) => string;
}

export interface SimulatedModem {
  /** A terminal of this machine, as a USB modem's port is one. */
  readonly path: string;
  /** Commands that have come in so far. */
  readonly commands: readonly string[];
  reply(replies: AtReplies): void;
  behave(behaviour: ModemBehaviour): void;
  /** Says something unasked. */
  say(bytes: string): void;
  /** Pulls the plug: the port is gone. */
  unplug(): Promise<void>;
  /** A port at the same path. */
  plugIn(): Promise<void>;
  close(): Promise<void>;
}

/** A modem on a real terminal, which socat makes. Needs the program `socat`. */
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
    child.stdin.on('error', () => undefined); // unplugged while it speaks
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
    say: send,
    unplug,
    plugIn,
    close: unplug,
  };
}
