import type { Clock } from '../../../../runtime/clock.ts';
import { messageOf } from '../../../../runtime/errors.ts';
import type { RadioSource, SourceReading } from '../radio-source.ts';
import type { Position } from '../radio-state.ts';
import { parseCellInfo, type MmCell } from './cell-info.ts';
import { parseLocation } from './location.ts';
import { textsAt, type Json } from './json.ts';
import { askMmcli, MmcliError, runMmcli, type RunMmcli } from './mmcli.ts';
import { mmState } from './mm-state.ts';
import { parseModemInfo, type ModemInfo } from './modem-info.ts';
import { parseSignal, type Signal } from './signal.ts';
import { DueTimes } from '../due-times.ts';

export interface MmSourceOptions {
  /** Index, D-Bus path or UID; undefined: the only one. */
  readonly modem: string | undefined;
  /** How often ModemManager reads the modem, and mmcli is asked. */
  readonly refreshS: number;
  readonly wantsPosition: boolean;
}

const CELLS_MS = 30_000;
const POSITION_MS = 10_000;
/** Retry interval when signal polling was refused. */
const SETUP_RETRY_MS = 60_000;
/** States in which the modem has no radio. */
const OFF = new Set(['failed', 'locked', 'disabled', 'disabling', 'initializing', 'enabling']);

/** A modem managed by ModemManager. Each query starts a process, so none runs more often than its answer changes. */
export class MmSource implements RadioSource {
  readonly target: string;
  readonly #options: MmSourceOptions;
  readonly #run: RunMmcli;
  readonly #dueTimes: DueTimes;
  #modem: string | undefined;
  #info: ModemInfo | undefined;
  #signal: Signal | undefined;
  #cells: readonly MmCell[] | undefined;
  #position: Position | undefined;
  /** Of infrequent queries; each is repeated until the query succeeds. */
  readonly #problems = new Map<string, string>();

  constructor(options: MmSourceOptions, deps: { readonly run: RunMmcli; readonly clock: Clock }) {
    this.target = `ModemManager${options.modem === undefined ? '' : ` ${options.modem}`}`;
    this.#options = options;
    this.#run = deps.run;
    this.#dueTimes = new DueTimes(deps.clock);
  }

  async read(signal: AbortSignal): Promise<SourceReading | undefined> {
    const refreshMs = this.#options.refreshS * 1_000;
    if (!this.#dueTimes.isDue('signal', refreshMs)) return undefined;
    try {
      this.#modem ??= await this.#find(signal);
      if (this.#dueTimes.isDue('info', 2 * refreshMs)) this.#info = parseModemInfo(await this.#ask(signal));
      const info = this.#info ?? {};
      if (OFF.has(info.state ?? '')) {
        const why = info.failedReason === undefined ? '' : ` (${info.failedReason})`;
        return { problems: [`the modem is ${info.state}${why}`] };
      }
      await this.#measure(signal);
      const state = mmState({ info, signal: this.#signal, cells: this.#cells, position: this.#position });
      return { state, problems: [...this.#problems.values()] };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof MmcliError && error.code === 'absent') this.#reset();
      return { problems: [messageOf(error)] };
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #measure(signal: AbortSignal): Promise<void> {
    this.#signal = parseSignal(await this.#ask(signal, '--signal-get'));
    if (this.#isPolledTooRarely && this.#dueTimes.isDue('setup', SETUP_RETRY_MS)) {
      await this.#try('setup', async () => {
        const { refreshS } = this.#options;
        await runMmcli(this.#run, ['-m', this.#modem ?? '', `--signal-setup=${refreshS}`], signal);
        this.#dueTimes.forget('setup');
      });
    }
    if (this.#dueTimes.isDue('cells', CELLS_MS)) {
      this.#cells = await this.#try('cells', async () =>
        parseCellInfo(await this.#ask(signal, '--get-cell-info')),
      );
    }
    if (this.#options.wantsPosition && this.#dueTimes.isDue('position', POSITION_MS)) {
      this.#position = await this.#try('position', () => this.#locate(signal));
    }
  }

  /** 0: signal polling is off; longer than ours: another program has set it up. */
  get #isPolledTooRarely(): boolean {
    const refreshS = this.#signal?.refreshS;
    return refreshS !== undefined && (refreshS === 0 || refreshS > this.#options.refreshS);
  }

  async #locate(signal: AbortSignal): Promise<Position | undefined> {
    if (this.#dueTimes.isFirst('gnss')) {
      try {
        await runMmcli(this.#run, ['-m', this.#modem ?? '', '--location-enable-gps-raw'], signal);
      } catch (error) {
        this.#dueTimes.forget('gnss'); // a modem refuses while it starts
        throw error;
      }
    }
    return parseLocation(await this.#ask(signal, '--location-get'));
  }

  /** An unsupported query is no problem. */
  async #try<T>(what: string, ask: () => Promise<T>): Promise<T | undefined> {
    this.#problems.delete(what);
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof MmcliError && error.code === 'unsupported')) {
        this.#problems.set(what, messageOf(error));
      }
      return undefined;
    }
  }

  async #find(signal: AbortSignal): Promise<string> {
    return this.#options.modem ?? chooseModem(await askMmcli(this.#run, ['-L'], signal));
  }

  #ask(signal: AbortSignal, ...args: readonly string[]) {
    return askMmcli(this.#run, ['-m', this.#modem ?? '', ...args], signal);
  }

  /** A modem that returns has a new index and no signal polling. */
  #reset(): void {
    this.#modem = undefined;
    this.#info = this.#signal = this.#cells = this.#position = undefined;
    this.#dueTimes.forgetAll();
    this.#problems.clear();
  }
}

/** From `mmcli -L -J`: D-Bus paths. */
function chooseModem(json: Json): string {
  const paths = textsAt(json, 'modem-list');
  const [first] = paths;
  if (first === undefined) throw new MmcliError('absent', 'ModemManager has no modem');
  if (paths.length === 1) return first;
  const known = paths.map((path) => path.split('/').at(-1)).join(', ');
  throw new MmcliError('absent', `ModemManager has ${paths.length} modems (${known}): say which with modem`);
}
