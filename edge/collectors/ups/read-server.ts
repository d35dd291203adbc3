import { setImmediate } from 'node:timers/promises';
import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected } from '../collector.ts';
import type { HostLookup } from '../../protocols/dns/host-lookup.ts';
import { shown } from '../../protocols/tcp-tls/line-dialogue.ts';
import type { Trust } from '../../protocols/tcp-tls/trust.ts';
import { MAX_UPSES, UPS_NAME, type ServerConfig } from './config.ts';
import { connectNut } from './connect.ts';
import type { NutDialogue, NutList } from './nut-dialogue.ts';
import { NutRefusal } from './refusal.ts';
import { withKnownRuntime, type RuntimeMemory } from './runtime.ts';
import { upsSamples, type UpsIdentity } from './samples.ts';
import type { Variables } from './variables.ts';

export interface ReadOptions {
  readonly clock: Clock;
  readonly commonTags: Sample['tags'];
  readonly deadlineMs: number;
  readonly lookup: HostLookup;
  readonly guard: TargetGuard | undefined;
  readonly trust: Trust;
  /** Of the runs before. */
  readonly runtimes: RuntimeMemory;
  readonly signal: AbortSignal;
}

/** All UPSs of one server within its deadline. Never rejects: samples read before an error are kept. */
export async function readServer(server: ServerConfig, options: ReadOptions): Promise<Collected> {
  const reading = new ServerReading(server, options);
  const own = new AbortController();
  const done = new AbortController();
  const onAbort = (): void => own.abort(options.signal.reason);
  options.signal.addEventListener('abort', onAbort, { once: true });
  if (options.signal.aborted) onAbort();
  options.clock.sleep(options.deadlineMs, done.signal).then(
    () => own.abort(new Error(`not done within ${options.deadlineMs} ms`)),
    () => undefined,
  );
  try {
    await reading.run(own.signal);
  } catch (error) {
    reading.fail(messageOf(error));
  } finally {
    done.abort();
    options.signal.removeEventListener('abort', onAbort);
    // Not inside a socket's event handler: Node 20 crashes when the socket below TLS is destroyed in its handshake.
    await setImmediate();
    own.abort(new Error('the server was read')); // destroys the sockets
  }
  return reading;
}

class ServerReading implements Collected {
  readonly samples: Sample[] = [];
  readonly errors: Error[] = [];
  readonly #server: ServerConfig;
  readonly #options: ReadOptions;
  /** Those still to be read. */
  #left: readonly UpsIdentity[];

  constructor(server: ServerConfig, options: ReadOptions) {
    this.#server = server;
    this.#options = options;
    this.#left = (server.upses ?? []).map(({ name, device }) => ({ upsName: name, device }));
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, lookup, guard, trust } = this.#options;
    const findings = { step: '', chains: [] };
    const dialogue = await connectNut(this.#server, { clock, signal, lookup, guard, trust, findings });
    if (this.#server.upses === undefined) this.#left = this.#found(await dialogue.list('UPS'));
    for (let next = this.#left[0]; next !== undefined; next = this.#left[0]) {
      await this.#readUps(dialogue, next);
      this.#left = this.#left.slice(1);
    }
    dialogue.logOut();
  }

  /** The error lists the UPSs that were not read. */
  fail(message: string): void {
    const { address, port } = this.#server;
    const names = this.#left.map(({ upsName }) => upsName);
    const missing = names.length === 0 ? '' : `; not read: ${names.join(', ')}`;
    this.errors.push(new Error(`ups server ${address}:${port}: ${message}${missing}`));
  }

  async #readUps(dialogue: NutDialogue, ups: UpsIdentity): Promise<void> {
    try {
      const { rows, badLines } = await dialogue.list('VAR', ups.upsName);
      const { commonTags, clock, runtimes } = this.#options;
      const { address, port } = this.#server;
      const variables = withKnownRuntime(toVariables(rows), `${ups.upsName}@${address}:${port}`, runtimes);
      const { samples, problems } = upsSamples(variables, ups, commonTags, clock.now());
      this.samples.push(...samples);
      this.#failUps(ups, [...badLines.map((line) => `invalid line: ${line}`), ...problems]);
      if (samples.length === 0) this.#failUps(ups, ['the server has no variables of it']);
    } catch (error) {
      if (!(error instanceof NutRefusal)) throw error;
      this.#failUps(ups, [error.message]);
    }
  }

  /** One error a UPS, however many problems it has. */
  #failUps({ upsName }: UpsIdentity, problems: readonly string[]): void {
    const [first] = problems;
    if (first === undefined) return;
    const { address, port } = this.#server;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    this.errors.push(new Error(`ups ${upsName}@${address}:${port}: ${first}${more}`));
  }

  #found({ rows, badLines }: NutList): readonly UpsIdentity[] {
    const names = [...new Set(rows.map(([name = '']) => name))];
    const bad = [...names.filter((name) => !UPS_NAME.test(name)).map(shown), ...badLines];
    if (bad[0] !== undefined) this.fail(`a UPS without a proper name: ${bad[0]}`);
    const good = names.filter((name) => UPS_NAME.test(name));
    if (names.length === 0 && bad.length === 0) this.fail('has no UPS');
    if (good.length > MAX_UPSES) this.fail(`more than ${MAX_UPSES} UPSs; the rest is left out`);
    const { address } = this.#server;
    return good
      .slice(0, MAX_UPSES)
      .map((name) => ({ upsName: name, device: `${name}@${address}`.slice(0, 128) }));
  }
}

function toVariables(rows: NutList['rows']): Variables {
  return new Map(rows.map(([name = '', value = '']) => [name, value] as const));
}
