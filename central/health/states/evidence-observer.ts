import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { BatchContext, BatchObserver } from '../../samples/batch-observer.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { usualNote, type Series } from '../../samples/series.ts';
import type { SeriesRegistry } from '../../samples/series-registry.ts';
import { EVIDENCE, judgePort, type EvidenceSource, type Judge, type Verdict } from './evidence-table.ts';
import type { ExpiryQueue } from './expiry-queue.ts';
import { Witness, type EvidenceSubject } from './witness.ts';

/** What has evidence, as the inventory is now. */
export interface Subjects {
  /** Grows when the inventory changes: what was found out about a series must be found out again. */
  readonly generation: number;
  device(id: string): ObservedDevice | undefined;
  /** The link that this port is an end of. */
  linkAt(device: string, port: string): ObservedLinkEnd | undefined;
}

export interface ObservedLinkEnd {
  readonly evidence: EvidenceSubject;
  /** 0 or 1. */
  readonly end: number;
}

export interface ObservedDevice {
  readonly evidence: EvidenceSubject;
  /** `expects` of the inventory, ms. */
  expectedMs(measurement: string): number | undefined;
}

export interface EvidenceObserverDeps {
  readonly subjects: Subjects;
  readonly queue: ExpiryQueue<Witness>;
  readonly registry: {
    intervalOf(agent: string): number;
    clockCorrectionOf(agent: string): number;
  };
  readonly onHeard: (agent: string, receivedAtMs: number) => void;
}

interface Column {
  readonly at: number;
  readonly field: string;
  readonly judge: Judge;
}

/** How to read tables of one shape. */
interface Plan {
  readonly source: EvidenceSource;
  readonly rank: number;
  readonly columns: readonly Column[];
  readonly deviceAt: number;
  readonly portAt: number;
  /** Where the table has the state of ports. */
  readonly port: Column | undefined;
}

interface Note {
  generation: number;
  readonly device: Witness | undefined;
  readonly expectedMs: number | undefined;
  readonly link: Witness | undefined;
}

/** An agent could make up any number of targets for one device. */
const MAX_SERIES_A_SOURCE = 32;
const RANKS = new Map(EVIDENCE.map((source, rank) => [source.measurement, { source, rank }]));
const PORT = 'interface';

/**
 * Keeps the newest evidence of every device and link. The hot path: a row that says what the one before said costs a look at its series and
 * two numbers; only what is new makes its subject dirty.
 */
export class EvidenceObserver implements BatchObserver {
  readonly #deps: EvidenceObserverDeps;
  readonly #notes = usualNote<Note>('evidence');
  /** By the array of their fields, which all tables of a shape share: see SampleTable. */
  readonly #plans = new WeakMap<readonly string[], Plan | 'none'>();
  /** Made last: of a device with many series most are alike, and share it. */
  #lastNote: Note | undefined;

  constructor(deps: EvidenceObserverDeps, registry: Pick<SeriesRegistry, 'onForgotten'>) {
    this.#deps = deps;
    registry.onForgotten((series) => {
      const note = this.#notes.of(series);
      const witness = note?.device;
      if (witness !== undefined && isOfSeries(witness)) witness.subject.remove(witness);
    });
  }

  observe({ agent, tables }: SampleBatch, { receivedAtMs, timesMoved, replayed }: BatchContext): void {
    // A state is of now, and what was refused at its time is of the past.
    if (agent === CENTRAL_AGENT || replayed === true) return;
    const { registry, onHeard } = this.#deps;
    onHeard(agent, receivedAtMs);
    const correctionMs = timesMoved === true ? 0 : registry.clockCorrectionOf(agent);
    const batchMs = registry.intervalOf(agent);
    const arrival = { agent, receivedAtMs, correctionMs, batchMs };
    for (const table of tables) {
      const plan = this.#planFor(table);
      if (plan === undefined) continue;
      for (const row of table.rows) this.#observeRow(plan, row, arrival);
    }
  }

  #observeRow(plan: Plan, row: SampleRow, arrival: Arrival): void {
    let note = this.#notes.of(row.series);
    if (note?.generation !== this.#deps.subjects.generation) {
      note = this.#attach(plan, row.series, arrival.agent, note);
      this.#notes.set(row.series, note);
    }
    if (note.device === undefined && note.link === undefined) return;
    // Nothing is measured after it has arrived.
    const atMs = Math.min(row.timeMs + arrival.correctionMs, arrival.receivedAtMs);
    if (note.device !== undefined) this.#judge(plan, row, note.device, note.expectedMs, atMs, arrival);
    if (note.link !== undefined && plan.port !== undefined) {
      this.#take(note.link, plan.port, row.values[plan.port.at], note.expectedMs, atMs, arrival);
    }
  }

  #judge(
    plan: Plan,
    row: SampleRow,
    witness: Witness,
    expectedMs: number | undefined,
    atMs: number,
    arrival: Arrival,
  ): void {
    for (const column of plan.columns) {
      if (this.#take(witness, column, row.values[column.at], expectedMs, atMs, arrival)) return;
    }
    if (plan.source.isReport) this.#update(witness, 'well', undefined, undefined, expectedMs, atMs, arrival);
  }

  /** False: the value says nothing. */
  #take(
    witness: Witness,
    { judge, field }: Column,
    value: FieldValue | undefined,
    expectedMs: number | undefined,
    atMs: number,
    arrival: Arrival,
  ): boolean {
    const verdict = value === undefined ? undefined : judge(value);
    if (verdict === undefined) return false;
    this.#update(witness, verdict, field, value, expectedMs, atMs, arrival);
    return true;
  }

  #update(
    witness: Witness,
    verdict: Verdict,
    field: string | undefined,
    value: FieldValue | undefined,
    expectedMs: number | undefined,
    atMs: number,
    { receivedAtMs, batchMs }: Arrival,
  ): void {
    if (!witness.takes(verdict, atMs)) return;
    const isNews = witness.verdict !== verdict || witness.freshUntilMs < receivedAtMs;
    witness.update(verdict, atMs, { expectedMs, batchMs });
    witness.field = field;
    witness.value = value;
    if (isNews) witness.subject.markDirty();
    this.#deps.queue.add(witness);
  }

  #attach(plan: Plan, series: Series, agent: string, before: Note | undefined): Note {
    const { subjects } = this.#deps;
    const { generation } = subjects;
    const named = plan.deviceAt < 0 ? undefined : series.tags[plan.deviceAt];
    const id = plan.source.about === 'agent' ? (named ?? agent) : named;
    const device = id === undefined ? undefined : subjects.device(id);
    const port = plan.portAt < 0 ? undefined : series.tags[plan.portAt];
    const end = id === undefined || port === undefined ? undefined : subjects.linkAt(id, port);
    const note: Note = {
      generation,
      expectedMs: device?.expectedMs(series.measurement),
      device: kept(before?.device, device?.evidence) ?? deviceWitness(plan, agent, device?.evidence),
      link: end && linkWitness(plan, agent, end),
    };
    if (this.#lastNote === undefined || !isAlike(note, this.#lastNote)) this.#lastNote = note;
    return this.#lastNote;
  }

  #planFor(table: SampleTable): Plan | undefined {
    let plan = this.#plans.get(table.fields);
    if (plan === undefined || (plan !== 'none' && plan.source.measurement !== table.measurement)) {
      plan = planOf(table) ?? 'none';
      this.#plans.set(table.fields, plan);
    }
    return plan === 'none' ? undefined : plan;
  }
}

function isAlike(a: Note, b: Note): boolean {
  return (
    a.generation === b.generation &&
    a.device === b.device &&
    a.link === b.link &&
    a.expectedMs === b.expectedMs
  );
}

interface Arrival {
  readonly agent: string;
  readonly receivedAtMs: number;
  /** What turns the agent's time into central's, ms. */
  readonly correctionMs: number;
  readonly batchMs: number;
}

function planOf({ measurement, tags, fields }: SampleTable): Plan | undefined {
  const known = RANKS.get(measurement);
  if (known === undefined) return undefined;
  const { source, rank } = known;
  const columns = source.fields.flatMap(({ field, judge }) => {
    const at = fields.indexOf(field);
    return at < 0 ? [] : [{ at, field, judge }];
  });
  const statusAt = measurement === PORT ? fields.indexOf('oper_status') : -1;
  return {
    source,
    rank,
    columns,
    deviceAt: tags.indexOf('device'),
    portAt: measurement === PORT ? tags.indexOf('interface') : -1,
    port: statusAt < 0 ? undefined : { at: statusAt, field: 'oper_status', judge: judgePort },
  };
}

function kept(before: Witness | undefined, subject: EvidenceSubject | undefined): Witness | undefined {
  return before !== undefined && before.subject === subject ? before : undefined;
}

/** Rows that only prove an answer share one witness; those with a verdict of their own have one each. */
function deviceWitness(plan: Plan, agent: string, subject: EvidenceSubject | undefined): Witness | undefined {
  if (subject === undefined) return undefined;
  const known = subject.witnesses.filter((each) => each.agent === agent && each.rank === plan.rank);
  if (!isOfSeries({ rank: plan.rank }) && known[0] !== undefined) return known[0];
  return known.length < MAX_SERIES_A_SOURCE ? newWitness(subject, agent, plan) : undefined;
}

/** One for each end and agent, however many names the port has. */
function linkWitness({ source }: Plan, agent: string, { evidence, end }: ObservedLinkEnd): Witness {
  const known = evidence.witnesses.find((each) => each.agent === agent && each.rank === end);
  return known ?? newWitness(evidence, agent, { rank: end, source });
}

/** Whether each series of its kind has a witness of its own. */
function isOfSeries({ rank }: Pick<Witness, 'rank'>): boolean {
  return (EVIDENCE[rank]?.fields.length ?? 0) > 0;
}

function newWitness(
  subject: EvidenceSubject,
  agent: string,
  { rank, source }: Pick<Plan, 'rank' | 'source'>,
): Witness {
  const witness = new Witness(subject, agent, rank, source);
  subject.add(witness);
  return witness;
}
