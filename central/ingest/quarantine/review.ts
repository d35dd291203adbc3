import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { Clock, Random } from '../../../runtime/clock.ts';
import {
  decisionSchema,
  ENTRY_STATES,
  type Decisions,
  type EntryState,
  type RefusedEntry,
  type StoringEntry,
} from './decisions.ts';
import { quarantineEntrySchema, type QuarantineEntry } from './quarantine-entry.ts';
import type { Quarantine } from './quarantine.ts';
import type { RefusedByStore, ReplayIntake } from './replay-intake.ts';
import { replayBatch, rowBodyOf, type ReplayIdentity } from './replay-row.ts';

/** An entry with what became of it. */
export const reviewedEntrySchema = quarantineEntrySchema.extend({
  state: z.enum(ENTRY_STATES).describe('storing: taken in again, on its way to the store; replayed: stored'),
  replayable: z.boolean().describe('it is a row, and all of it was kept'),
  decision: decisionSchema.exactOptional().describe('what was decided last'),
});
export type ReviewedEntry = Readonly<z.infer<typeof reviewedEntrySchema>>;

/** What waits, by who sent it, what it is of and why it was refused. */
export const groupSchema = z.object({
  agent: z.string(),
  code: z.string(),
  measurement: z.string().exactOptional(),
  count: z.int(),
  replayable: z.int().describe('how many of them can be taken in again'),
  firstAtMs: unixMs,
  lastAtMs: unixMs,
  newestId: z.int(),
  reason: z.string().describe('of the newest one'),
});
export type QuarantineGroup = Readonly<z.infer<typeof groupSchema>>;

/** Either `ids`, or all that fit. */
export interface EntrySelection {
  readonly ids?: readonly number[] | undefined;
  readonly agent?: string | undefined;
  readonly code?: string | undefined;
  readonly measurement?: string | undefined;
  /** Only entries with a smaller id: `next` of the call before. */
  readonly before?: number | undefined;
}

export interface ReviewQuery extends EntrySelection {
  readonly state?: EntryState | undefined;
  readonly limit: number;
}

/** Of one call; `next`: more wait, with smaller ids. */
export interface ReplayOutcome {
  readonly taken: number;
  readonly refused: number;
  readonly notReplayable: number;
  readonly next?: number;
}

export interface DiscardOutcome {
  readonly discarded: number;
  readonly next?: number;
}

/** In one call. */
export const MOST_ROWS = 500;
export const MOST_BYTES = 1024 * 1024;
/** On their way to the store. */
const MOST_STORING = 5_000;
const MOST_DISCARDED = 10_000;
/** While entries and decisions come, groups are counted anew this often: it reads all files. */
const GROUPS_HOLD_MS = 5_000;

/** As many are on their way as may be: the store is slow or does not answer. */
export class ReplayBusyError extends Error {
  override readonly name = 'ReplayBusyError';
}

export interface QuarantineReviewDeps {
  readonly quarantine: Pick<Quarantine, 'list' | 'idRange'>;
  readonly decisions: Decisions;
  readonly intake: ReplayIntake;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

/**
 * What people do with what was refused. A row that is taken in again has its own time and counts as history. It gets an identity
 * first, durably, and goes to the store until the ledger has it: whatever ends in between, it is stored once. One that is refused
 * again stays, with the new reason.
 */
export class QuarantineReview {
  readonly #deps: QuarantineReviewDeps;
  readonly #storing = new Map<number, StoringEntry>();
  /** A new one at each start, so that numbers never meet those of an earlier run. */
  readonly #epoch: string;
  readonly #lastSeq = new Map<string, number>();
  #forgottenBelow = 0;
  #groups:
    | {
        readonly atMs: number;
        readonly next: number;
        readonly version: number;
        readonly all: readonly QuarantineGroup[];
      }
    | undefined;
  #counting: Promise<readonly QuarantineGroup[]> | undefined;

  constructor(deps: QuarantineReviewDeps) {
    this.#deps = deps;
    const suffix = Math.floor(deps.random() * 36 ** 4).toString(36);
    this.#epoch = `r${deps.clock.now().toString(36)}${suffix.padStart(4, '0')}`;
    for (const each of deps.decisions.storing()) this.#storing.set(each.id, each);
    deps.intake.onRefused((refused) => this.#takeBack(refused));
  }

  /** Newest first. */
  async list({ state, limit, ...selection }: ReviewQuery): Promise<readonly ReviewedEntry[]> {
    const isDecided = state !== undefined && state !== 'waiting';
    // Files without one of them need not be read.
    const decided = isDecided ? this.#deps.decisions.idsIn(state) : undefined;
    const entries = await this.#deps.quarantine.list({
      ...queryOf(selection),
      ...(decided !== undefined && selection.ids === undefined && { ids: decided }),
      limit,
      isWanted: ({ id }) => state === undefined || this.#stateOf(id) === state,
    });
    return entries.map((entry) => this.#reviewed(entry));
  }

  async find(id: number): Promise<ReviewedEntry | undefined> {
    const [found] = await this.list({ ids: [id], limit: 1 });
    return found;
  }

  /** Of what waits, those that came last first; up to 5 s old. */
  async groups(): Promise<readonly QuarantineGroup[]> {
    const { quarantine, decisions, clock } = this.#deps;
    const known = this.#groups;
    const { next } = quarantine.idRange();
    const isSame = known?.version === decisions.version && known.next === next;
    if (known !== undefined && (isSame || clock.now() - known.atMs < GROUPS_HOLD_MS)) return known.all;
    this.#counting ??= this.#countGroups().finally(() => (this.#counting = undefined));
    return this.#counting;
  }

  async replay(selection: EntrySelection, actor: string): Promise<ReplayOutcome> {
    const { decisions, intake, clock } = this.#deps;
    if (this.#storing.size >= MOST_STORING)
      throw new ReplayBusyError(`${this.#storing.size} rows are on their way to the store already`);
    const { entries, next } = await this.#waiting(selection, { rows: MOST_ROWS, bytes: MOST_BYTES });
    const atMs = clock.now();
    const begun: StoringEntry[] = [];
    const refused: RefusedEntry[] = [];
    let notReplayable = 0;
    for (const entry of entries) {
      const { id, agent } = entry;
      const body = rowBodyOf(entry);
      if (body === undefined) {
        notReplayable++;
        continue;
      }
      const identity = decisions.find(id)?.identity ?? { epoch: this.#epoch, seq: this.#nextSeq(agent) };
      const refusal = intake.refusalOf(agent, replayBatch(body, identity, atMs));
      if (refusal !== undefined) {
        refused.push({ id, actor, ...refusal });
        continue;
      }
      if (identity.epoch === this.#epoch)
        this.#lastSeq.set(agent, Math.max(identity.seq, this.#lastSeq.get(agent) ?? 0));
      begun.push({ id, actor, identity, entry });
    }
    if (refused.length > 0) decisions.markRefused(refused, atMs);
    // Durable before anything is handed on.
    if (begun.length > 0) decisions.begin(begun, atMs);
    for (const each of begun) this.#storing.set(each.id, each);
    this.tick();
    return {
      taken: begun.length,
      refused: refused.length,
      notReplayable,
      ...(next !== undefined && { next }),
    };
  }

  async discard(selection: EntrySelection, reason: string, actor: string): Promise<DiscardOutcome> {
    const limits = { rows: MOST_DISCARDED, bytes: Infinity };
    const { entries, next } = await this.#waiting(selection, limits);
    const author = { actor, atMs: this.#deps.clock.now() };
    const ids = entries.map(({ id }) => id);
    if (ids.length > 0) this.#deps.decisions.discard(ids, reason, author);
    return { discarded: ids.length, ...(next !== undefined && { next }) };
  }

  /** Each second: what is on its way and got lost is handed on again, what is stored is noted. */
  tick(): void {
    const { decisions, intake, clock, quarantine } = this.#deps;
    const nowMs = clock.now();
    const stored: number[] = [];
    const refused: RefusedEntry[] = [];
    const agentsWithoutRoom = new Set<string>();
    for (const { id, actor, identity, entry } of this.#storing.values()) {
      if (refused.length >= MOST_ROWS) break;
      const body = agentsWithoutRoom.has(entry.agent) ? undefined : rowBodyOf(entry);
      if (body === undefined) continue;
      const taken = intake.take(entry.agent, replayBatch(body, identity, nowMs));
      if (taken === 'full') agentsWithoutRoom.add(entry.agent);
      else if (taken === 'stored') stored.push(id);
      else if (typeof taken === 'object') refused.push({ id, actor, ...taken });
    }
    if (refused.length > 0) decisions.markRefused(refused, nowMs);
    if (stored.length > 0) decisions.markStored(stored);
    for (const id of stored) this.#storing.delete(id);
    for (const { id } of refused) this.#storing.delete(id);
    const { oldest } = quarantine.idRange();
    if (oldest > this.#forgottenBelow) {
      decisions.forgetBelow(oldest);
      this.#forgottenBelow = oldest;
    }
  }

  /** The files have them still. */
  #takeBack(refused: readonly RefusedByStore[]): void {
    const keyOf = (agent: string, { epoch, seq }: ReplayIdentity): string => `${agent} ${epoch} ${seq}`;
    const byKey = new Map(refused.map((each) => [keyOf(each.agent, each), each]));
    const found = [...this.#storing.values()].flatMap(({ id, actor, identity, entry }): RefusedEntry[] => {
      const why = byKey.get(keyOf(entry.agent, identity));
      return why === undefined
        ? []
        : [{ id, actor, code: why.code, reason: why.reason, isIdentityUsed: true }];
    });
    if (found.length === 0) return;
    this.#deps.decisions.markRefused(found, this.#deps.clock.now());
    for (const { id } of found) this.#storing.delete(id);
  }

  /** Those of the selection that nobody has decided about. */
  async #waiting(
    selection: EntrySelection,
    limits: { readonly rows: number; readonly bytes: number },
  ): Promise<{ readonly entries: readonly QuarantineEntry[]; readonly next: number | undefined }> {
    const found = await this.#deps.quarantine.list({
      ...queryOf(selection),
      limit: limits.rows + 1,
      isWanted: ({ id }) => this.#stateOf(id) === 'waiting',
    });
    let bytes = 0;
    const fitting = found.findIndex((entry, at) => {
      bytes += limits.bytes === Infinity ? 0 : JSON.stringify(entry).length;
      return at >= limits.rows || (bytes > limits.bytes && at > 0);
    });
    const entries = fitting === -1 ? found : found.slice(0, fitting);
    return {
      // Somebody else may have decided while the files were read.
      entries: entries.filter(({ id }) => this.#stateOf(id) === 'waiting'),
      next: fitting === -1 ? undefined : entries.at(-1)?.id,
    };
  }

  async #countGroups(): Promise<readonly QuarantineGroup[]> {
    const { quarantine, decisions, clock } = this.#deps;
    const asOf = { atMs: clock.now(), next: quarantine.idRange().next, version: decisions.version };
    const groups = new Map<string, QuarantineGroup>();
    await quarantine.list({
      limit: 1,
      isWanted: (entry) => {
        if (this.#stateOf(entry.id) === 'waiting') addTo(groups, entry);
        // All are to be seen, and none is kept.
        return false;
      },
    });
    const all = [...groups.values()].sort((a, b) => b.newestId - a.newestId);
    this.#groups = { ...asOf, all };
    return all;
  }

  #reviewed(entry: QuarantineEntry): ReviewedEntry {
    const decided = this.#deps.decisions.find(entry.id);
    const shown = { ...entry, state: this.#stateOf(entry.id), replayable: rowBodyOf(entry) !== undefined };
    if (decided === undefined) return shown;
    const { atMs, actor, tries, code, reason } = decided;
    const why = { ...(code !== undefined && { code }), ...(reason !== undefined && { reason }) };
    return { ...shown, decision: { atMs, actor, tries, ...why } };
  }

  #stateOf(id: number): EntryState {
    return this.#deps.decisions.find(id)?.state ?? 'waiting';
  }

  #nextSeq(agent: string): number {
    return (this.#lastSeq.get(agent) ?? 0) + 1;
  }
}

/** Newest first. */
function addTo(groups: Map<string, QuarantineGroup>, entry: QuarantineEntry): void {
  const { id, agent, code, measurement, atMs, reason } = entry;
  const key = JSON.stringify([agent, code, measurement]);
  const replayable = rowBodyOf(entry) === undefined ? 0 : 1;
  const group = groups.get(key);
  if (group === undefined) {
    const what = { agent, code, ...(measurement !== undefined && { measurement }) };
    groups.set(key, { ...what, count: 1, replayable, firstAtMs: atMs, lastAtMs: atMs, newestId: id, reason });
    return;
  }
  groups.set(key, {
    ...group,
    count: group.count + 1,
    replayable: group.replayable + replayable,
    firstAtMs: Math.min(group.firstAtMs, atMs),
    lastAtMs: Math.max(group.lastAtMs, atMs),
  });
}

function queryOf({ ids, agent, code, measurement, before }: EntrySelection) {
  return {
    ...(ids !== undefined && { ids: new Set(ids) }),
    ...(agent !== undefined && { agent }),
    ...(code !== undefined && { code }),
    ...(measurement !== undefined && { measurement }),
    ...(before !== undefined && { before }),
  };
}
