import { z } from 'zod';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import type { CollectorKind } from '../../collectors/collector.ts';
import type { CollectorConfig } from '../../config/collectors-config.ts';
import { REACHES_NOTHING } from '../../protocols/reach.ts';
import { CollectorSet } from '../../scheduler/collector-set.ts';
import type { CheckedConfig } from '../check-pushed-config.ts';
import { ConfigFiles } from '../config-files.ts';
import { openRemoteConfig, type RemoteConfig } from '../remote-config.ts';
import { MemoryDisk } from './memory-disk.ts';

/** Behaviour of a test collector, by the first part of its name: `fails-1` fails. */
type Behaviour = 'works' | 'fails' | 'throws' | 'slow';

/** How often each was made and closed, by name. */
export interface Lives {
  readonly made: string[];
  readonly closed: string[];
}

function fakeKind(lives: Lives): CollectorKind<{ readonly name: string }> {
  return {
    kind: 'fake',
    configSchema: z.object({ name: z.string() }),
    defaultIntervalMs: 10_000,
    reaches: () => REACHES_NOTHING,
    create: ({ name }) => {
      const behaviour = name.split('-')[0] as Behaviour;
      if (behaviour === 'throws') throw new Error('no such device');
      lives.made.push(name);
      return {
        name,
        collect: async () => {
          if (behaviour === 'fails') throw new Error('nothing can be read');
          if (behaviour === 'slow') await new Promise(() => undefined);
          return {
            samples: [{ measurement: 'ping', tags: { url: name }, fields: { result_code: 0 }, timeMs: 0 }],
            errors: [],
          };
        },
        close: async () => void lives.closed.push(name),
      };
    },
  };
}

/** A machine whose agent can be started, sent configs, and killed at any step. Time is set by the test. */
export class Machine {
  readonly disk = new MemoryDisk();
  readonly lives: Lives = { made: [], closed: [] };
  readonly own: readonly CollectorConfig[];
  readonly #kind = fakeKind(this.lives);
  readonly samples: string[] = [];
  clock = new ManualClock();
  logLevel: string | undefined;
  changes = 0;
  #remote: RemoteConfig | undefined;
  #collectors: CollectorSet | undefined;
  #shutdown = new AbortController();

  constructor(own: readonly string[] = ['works-own']) {
    this.own = own.map((name) => this.#configOf(name));
  }

  get remote(): RemoteConfig {
    if (this.#remote === undefined) throw new Error('not started');
    return this.#remote;
  }

  get names(): readonly string[] {
    return [...(this.#collectors?.names ?? [])].sort();
  }

  /** A new process. Resolves when it has started, or was killed while starting. */
  async start(): Promise<void> {
    this.clock = new ManualClock();
    this.#shutdown = new AbortController();
    const { clock } = this;
    const collectors = new CollectorSet({
      agent: 'gw-1',
      create: ({ kind, options }) => kind.create(options, { clock, log: silentLogger, commonTags: {} }),
      sink: (samples) => this.samples.push(...samples.map(({ tags }) => tags['url'] ?? '')),
      commonTags: {},
      clock,
      log: silentLogger,
    });
    this.#collectors = collectors;
    const starting = this.#open(collectors).then(async (remote) => {
      this.#remote = remote;
      await remote.start(this.#shutdown.signal);
    });
    await Promise.race([starting, this.settle()]);
  }

  /** As kill -9. The disk keeps what was written. */
  kill(): void {
    this.disk.gate = async () => undefined;
    this.#remote = undefined;
  }

  async stop(): Promise<void> {
    this.#shutdown.abort();
    await this.remote.stop();
  }

  async push(revision: number, collectors: readonly string[] | null, level?: string): Promise<void> {
    const config = collectors === null ? null : { collectors, level };
    this.remote.receive({ v: 1, revision, config });
    await this.settle();
  }

  /** Resolves when all work that needs no time is done. */
  settle(): Promise<void> {
    return this.clock.advance(0).then(() => this.clock.advance(0));
  }

  #open(collectors: CollectorSet): Promise<RemoteConfig> {
    return openRemoteConfig({
      files: new ConfigFiles({ directory: '/data/config', disk: this.disk, log: silentLogger }),
      own: this.own,
      collectors,
      check: async (config) => this.#check(config),
      setLogLevel: (level) => (this.logLevel = level),
      onChange: () => this.changes++,
      clock: this.clock,
      log: silentLogger,
    });
  }

  /** A name that begins with `wrong` is refused as if by the schema, one with `breaks` breaks the check. */
  #check(config: unknown): CheckedConfig {
    const { collectors, level } = config as { collectors: readonly string[]; level?: string };
    const wrong = collectors.filter((name) => name.startsWith('wrong'));
    if (wrong.length > 0) return { ok: false, problems: wrong.map((name) => `${name}: unknown setting`) };
    if (collectors.some((name) => name.startsWith('breaks'))) throw new Error('no such file');
    // As the real check: a guard of its own each time.
    const guard = { refusal: () => undefined, fileRefusal: () => undefined };
    const guarded = collectors.map((name) => ({ ...this.#configOf(name), guard: { ...guard } }));
    return { ok: true, collectors: guarded, logLevel: level };
  }

  #configOf(name: string): CollectorConfig {
    const intervalMs = name.startsWith('slow') ? 600_000 : 10_000;
    return { name, kind: this.#kind, intervalMs, timeoutMs: intervalMs, options: { name } };
  }
}
