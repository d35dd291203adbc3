import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { AnswerSize, KnownAnswerSize } from '../../protocols/snmp/answer-size.ts';
import { ColumnMemory, Conversation } from '../../protocols/snmp/conversation.ts';
import { forgetCounts, type PortMemory } from './interfaces.ts';
import type { KnownStations } from './known-stations.ts';
import { PARTS, type Part, type PartContext } from './parts.ts';
import { Poll, type DevicePoll } from './poll.ts';
import type { CompiledProfile } from './profile/compiled-profile.ts';
import type { ProfileLibrary } from './profile/library.ts';
import { isFinal, SnmpError, type SnmpSession } from '../../protocols/snmp/session.ts';
import type { ReadingPlaces } from './reading-places.ts';
import type { NeighbourMemory } from './routing.ts';
import type { CounterMemory } from './rows.ts';
import { readSystem, type System } from './system.ts';
import { nextUptime, uptimeSeconds, type Uptime } from './uptime.ts';

export interface DeviceDeps {
  readonly name: string;
  readonly address: string;
  /** Without its port, where `address` is no name. */
  readonly ipAddress?: string;
  readonly answerSize: AnswerSize;
  /** Shared by all devices of a collector. */
  readonly stations: KnownStations;
  readonly openSession: (signal: AbortSignal) => Promise<SnmpSession>;
  /** As they are now: those of operators may change. */
  readonly profiles: () => ProfileLibrary;
  /** Offset of the slow reads within their interval, 0…1, to spread devices. */
  readonly phase: number;
  readonly clock: Clock;
}

/** Interval of sensors, storage, neighbours and texts. */
const SLOW_EVERY_MS = 300_000;
/** Polls in a row without success after which only the system group is read. */
const GIVE_UP_AFTER = 2;
/** Unanswered tables in a row after which the poll ends. */
const MAX_UNANSWERED_TABLES = 2;

interface FoundProfile {
  readonly library: ProfileLibrary;
  readonly identity: string;
  readonly profile: CompiledProfile | undefined;
}

interface SystemAnswer {
  readonly system: System;
  readonly tookMs: number;
}

/** A device that is read for longer than this leaves its place to others that wait. */
const TURN_MS = 20_000;
const TURN_OVER = 'other devices wait to be read';

interface PollRun {
  readonly system: System;
  readonly permits: Pick<ReadingPlaces, 'acquire' | 'isWaitedFor'>;
  readonly signal: AbortSignal;
}

/** A part, and whether what changes slowly is due in it. */
interface Due {
  readonly part: Part;
  readonly isSlow: boolean;
}

/** Parts that a poll did not reach, and the interfaces that it knew, which parts read by themselves need. */
interface Unread {
  readonly parts: readonly Due[];
  readonly interfaces: PartContext['interfaces'];
}

const NOTHING: Unread = { parts: [], interfaces: new Map() };

/** One device and its state between polls. */
export class Device {
  readonly name: string;
  readonly #deps: DeviceDeps;
  readonly #memory: ColumnMemory;
  #ports: PortMemory = new Map();
  #neighbours: NeighbourMemory = new Map();
  #runtimeCounts = false;
  #session: SnmpSession | undefined;
  #uptime: Uptime | undefined;
  #failedPolls = 0;
  #slowRound: number | undefined;
  #slowPolls = 0;
  #found: FoundProfile | undefined;
  /** Since its profile was found. */
  #hasRestarted = false;
  readonly #counters: CounterMemory = new Map();
  #unread = NOTHING;

  constructor(deps: DeviceDeps) {
    this.name = deps.name;
    this.#deps = deps;
    this.#memory = new ColumnMemory(deps.answerSize);
  }

  get answerSize(): KnownAnswerSize {
    return this.#memory.size.known;
  }

  /** The circuit breaker is open: recent polls had no answer. */
  get isGivenUp(): boolean {
    return this.#failedPolls >= GIVE_UP_AFTER;
  }

  /** Reads all of it. Takes a slot only once the device has answered, so that dead ones hold none. Never rejects. */
  async poll(
    permits: Pick<ReadingPlaces, 'acquire' | 'isWaitedFor'>,
    signal: AbortSignal,
  ): Promise<DevicePoll> {
    const poll = new Poll(this.#deps);
    try {
      const system = await this.#readSystem(poll, signal);
      if (system === undefined) return poll.result();
      const release = await permits.acquire(signal);
      try {
        await this.#readParts(poll, { system, permits, signal });
      } finally {
        release();
      }
    } catch (error) {
      poll.fail(messageOf(error));
    }
    return poll.result();
  }

  /** Only reads the system group, to see whether it answers again. Never rejects. */
  async probe(signal: AbortSignal): Promise<DevicePoll> {
    const poll = new Poll(this.#deps);
    try {
      await this.#readSystem(poll, signal);
    } catch (error) {
      poll.fail(messageOf(error));
    }
    return poll.result();
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  /** undefined: no valid answer; the poll has the error. Rejects with the signal's reason. */
  async #readSystem(poll: Poll, signal: AbortSignal): Promise<System | undefined> {
    try {
      const { system, tookMs } = await this.#requestSystem(signal);
      this.#failedPolls = 0;
      this.#followUptime(system.uptimeTicks);
      poll.device({ up: true, reachable: true, response_ms: tookMs, uptime_s: this.#uptimeS });
      return system;
    } catch (error) {
      await this.close();
      if (!(error instanceof SnmpError)) throw error;
      if (error.code !== 'unsent') poll.device({ up: isAnswer(error), reachable: isAnswer(error) });
      this.#failedPolls++;
      poll.fail(error.message);
      return undefined;
    }
  }

  /** A refusal in an old session may mean that the device's SNMP engine was restarted: retry once with a new session. */
  async #requestSystem(signal: AbortSignal): Promise<SystemAnswer> {
    const isOld = this.#session !== undefined;
    try {
      return await this.#requestOnce(signal);
    } catch (error) {
      if (!isOld || !(error instanceof SnmpError) || !isAnswer(error)) throw error;
      await this.close();
      return this.#requestOnce(signal);
    }
  }

  async #requestOnce(signal: AbortSignal): Promise<SystemAnswer> {
    const { clock, openSession } = this.#deps;
    // A new session resolves the address and reads the secrets again.
    this.#session ??= await openSession(signal);
    const startMs = clock.monotonicMs();
    const system = await readSystem(this.#converse(this.#session, signal, false));
    return { system, tookMs: clock.monotonicMs() - startMs };
  }

  get #uptimeS(): number | undefined {
    return this.#uptime && uptimeSeconds(this.#uptime);
  }

  /** Counters from before a restart cannot be compared. */
  #followUptime(ticks: number | undefined): void {
    if (ticks === undefined) {
      this.#uptime = undefined;
      return;
    }
    const next = nextUptime(this.#uptime, ticks, this.#deps.clock.monotonicMs());
    if (next.hasRestarted) {
      this.#ports = forgetCounts(this.#ports);
      this.#counters.clear();
      this.#hasRestarted = true;
    }
    this.#uptime = next.uptime;
  }

  async #readParts(poll: Poll, { system, permits, signal }: PollRun): Promise<void> {
    const isSlow = this.#isSlowDue(this.#deps.clock.monotonicMs());
    const session = this.#session;
    if (session === undefined) return;
    const conversation = this.#converse(session, signal, isSlow);
    const context: PartContext = {
      conversation,
      system,
      address: this.#deps.ipAddress,
      uptimeS: this.#uptimeS,
      profile: await this.#findProfile(conversation, system, isSlow),
      counters: this.#counters,
      isSlow,
      slowPolls: isSlow ? this.#slowPolls++ : Math.max(0, this.#slowPolls - 1),
      name: this.name,
      stations: this.#deps.stations,
      ports: this.#ports,
      neighbours: this.#neighbours,
      runtimeCounts: this.#runtimeCounts,
      interfaces: this.#unread.interfaces,
    };
    const left = await this.#readInOrder(poll, context, permits);
    this.#ports = context.ports;
    this.#neighbours = context.neighbours;
    this.#runtimeCounts = context.runtimeCounts;
    this.#unread = left.length === 0 ? NOTHING : { parts: left, interfaces: context.interfaces };
  }

  /**
   * Asked for once, as long as the device says that it is the same and the profiles stay; again after a restart, and slowly
   * while a probe is unanswered: the vendor's part of an agent may start later than the rest.
   */
  async #findProfile(
    conversation: Conversation,
    system: System,
    isSlow: boolean,
  ): Promise<CompiledProfile | undefined> {
    const library = this.#deps.profiles();
    const identity = `${system.objectId} ${system.description}`;
    const found = this.#found;
    if (found?.library === library && found.identity === identity && !this.#hasRestarted) {
      if (!isSlow || !library.mayFindBetter(system, found.profile)) return found.profile;
    }
    try {
      const profile = await library.find(system, (oids) => conversation.get(oids));
      this.#found = { library, identity, profile };
      this.#hasRestarted = false;
      return profile;
    } catch (error) {
      if (!(error instanceof SnmpError)) throw error;
      // It is asked again in the next poll; until then what the system group proves has to do.
      return this.#found?.profile ?? (await library.find(system, async () => new Map()));
    }
  }

  /** Returns the parts that were due and not reached. */
  async #readInOrder(
    poll: Poll,
    context: PartContext,
    permits: Pick<ReadingPlaces, 'acquire' | 'isWaitedFor'>,
  ): Promise<readonly Due[]> {
    const { clock } = this.#deps;
    const startMs = clock.monotonicMs();
    const parts = partsInOrder(context.isSlow, this.#unread.parts);
    let unanswered = 0;
    for (const [at, due] of parts.entries()) {
      const { part } = due;
      context.isSlow = due.isSlow;
      const { readings, device, error } = await part.read(context);
      poll.add(readings);
      poll.device(device ?? {});
      const isTimeout = error instanceof SnmpError && error.code === 'timeout';
      unanswered = isTimeout ? unanswered + 1 : 0;
      const isOver = error !== undefined && (isFinal(error) || unanswered === MAX_UNANSWERED_TABLES);
      const isTurnOver = permits.isWaitedFor && clock.monotonicMs() - startMs >= TURN_MS;
      const isCut = isOver && !(error instanceof SnmpError);
      const rest = isOver || isTurnOver ? parts.slice(at + 1) : [];
      const left = isCut ? [...rest, due] : rest;
      const reason = error?.message ?? (left.length > 0 ? TURN_OVER : undefined);
      if (reason !== undefined) poll.fail(`${part.name}: ${reason}${toldAs(left)}`);
      if (left.length > 0 || isOver) return left;
    }
    return [];
  }

  #converse(session: SnmpSession, signal: AbortSignal, retriesEmpty: boolean): Conversation {
    return new Conversation({ session, memory: this.#memory, signal, retriesEmpty });
  }

  #isSlowDue(nowMs: number): boolean {
    const round = Math.floor(nowMs / SLOW_EVERY_MS + this.#deps.phase);
    const isDue = round !== this.#slowRound;
    this.#slowRound = round;
    return isDue;
  }
}

/** What was not reached in the poll before comes first, also if it is not due by itself. */
function partsInOrder(isSlow: boolean, unread: readonly Due[]): readonly Due[] {
  const first = unread.map((due) => ({ part: due.part, isSlow: isSlow || due.isSlow }));
  const others = PARTS.filter((part) => (isSlow || !part.isSlow) && !unread.some((due) => due.part === part));
  return [...first, ...others.map((part) => ({ part, isSlow }))];
}

function toldAs(left: readonly Due[]): string {
  return left.length === 0 ? '' : `; first in the next run: ${left.map(({ part }) => part.name).join(', ')}`;
}

/** Something answers, even if it refuses or its answer is invalid. */
function isAnswer({ code }: SnmpError): boolean {
  return code === 'denied' || code === 'failed' || code === 'too-big' || code === 'over-limit';
}
