import type { z } from 'zod';
import type { Catalogue } from '../../../../contract/catalogue.ts';
import type { FieldValue } from '../../../../contract/sample.ts';
import type { CapacityForecasts } from '../../../capacity/capacity-forecasts.ts';
import type { AgentProblems } from '../../../health/agent-problems.ts';
import type { ServiceTargets } from '../../../health/services/service-targets.ts';
import type { Topology } from '../../../health/topology/topology.ts';
import type { LatestCache } from '../../../live/latest-cache.ts';
import type { AgentRegistry } from '../../../liveness/agent-registry.ts';
import type { Location } from '../../../samples/location.ts';
import type { SampleRow, SampleTable } from '../../../samples/sample-table.ts';
import type { AlertValue } from '../../lifecycle/alert-value.ts';
import type { Evaluation } from '../../lifecycle/alert-state.ts';
import type { CityEvidence } from '../city-evidence.ts';
import type { LevelMeaning } from '../level-meaning.ts';
import type { RuleSettings } from '../rule-settings.ts';

/** What kinds/index.ts lists: everything that is particular to one `kind:` of rule files. Pure, no I/O. */
export interface RuleKind<Settings extends RuleSettings = RuleSettings> {
  /** Its name in rule files. */
  readonly kind: string;
  /** Former names that rule files may still have. */
  readonly aliases?: readonly string[];
  readonly settingsSchema: z.ZodType<Settings>;
  /** What the schema cannot know, such as fields that are not in the catalogue: one line a problem, `path: what, got value`. */
  checkSettings?(settings: Settings, catalogue: Catalogue): readonly string[];
  /** The settings have passed both checks. */
  createEvaluator(settings: Settings, catalogue: Catalogue): RuleEvaluator;
}

/** What the engine calls: for each row of one measurement, or for other evidence at each tick (every second). */
export type RuleEvaluator = RowEvaluator | TickEvaluator;

interface EvaluatorBase {
  /** Tags that identify an alert of the rule: one alert for each of their values. */
  readonly entityTags: readonly string[];
  /** Usual time between two evaluations of one entity; a gap longer than three of them does not count. */
  readonly intervalMs: number;
  /** A breach is a state, such as down, and not a height that may cross its limit often: see lifecycle/flapping.ts. */
  readonly isState: boolean;
  /** Of the evaluated value: a UCUM unit, or a word such as `intervals`; empty for flags, texts and quotients. */
  readonly valueUnit: string;
  /** What is evaluated, without limits: once a rule was edited, an alert goes on only where this stayed the same. */
  readonly subject: string;
  /** For operators: when the rule is in breach, without its limits. */
  readonly conditionText: string;
  /** For operators: the limit of each level, mildest first. */
  readonly levelTexts: readonly string[];
  /** When each level begins and ends, mildest first. */
  readonly levelMeanings: readonly LevelMeaning[];
}

export interface RowEvaluator extends EvaluatorBase {
  readonly reads: 'rows';
  readonly measurement: string;
  /** Only rows with one of these values in each of these tags are evaluated. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** Of several series of one entity: one in breach is enough, or the newest sample counts whichever it is of. */
  readonly across: 'any' | 'newest';
  /** Fields that it reads where rows have them. */
  readonly alsoReads?: readonly string[];
  /** Finds the rule's fields. Called once for each shape of table; undefined: one is missing. */
  planColumns(table: SampleTable): RowPlan | undefined;
}

/** A rule over tables of one shape. `readValue` and `isBreach` are the hot path: called for each row, they allocate nothing. */
export interface RowPlan {
  /** The evaluated value; undefined: the row has none. Called once for each row, in the order of arrival, by central's clock. */
  readValue(row: SampleRow, arrivedAtMs: number): FieldValue | undefined;
  /** Whether any level is in breach. */
  isBreach(value: FieldValue, row: SampleRow): boolean;
  /** Of each level, mildest first; undefined: a needed value is missing. Called only for rows in breach or with an alert. */
  evaluate(value: FieldValue, row: SampleRow): readonly Evaluation[] | undefined;
}

export interface TickEvaluator extends EvaluatorBase {
  readonly reads: 'evidence';
  /**
   * It judges what agents report: its alerts count against their limits, it begins some intervals after central's start, and it is called
   * once in its `intervalMs` in place of at each tick.
   */
  readonly judgesReports?: true;
  /** What it reads of samples, where these are all that it judges: stored ones then say it again. Else why they cannot. */
  readonly overHistory: readonly StoredReads[] | NotOverHistory;
  /** The series that its alerts are about, where there are such: an alert ends with them. */
  readonly measurement?: string;
  readonly where?: Readonly<Record<string, readonly string[]>>;
  /**
   * Entities that are left out stay as they are. `isActive`: whether one is not healthy at present; of those that are healthy and not
   * in breach nothing needs to be told. `active`: those that are not. What judges reports tells `UNFINISHED` after each part of its work.
   */
  evaluateAt(
    nowMs: number,
    sources: EvidenceSources,
    isActive: (entity: Entity) => boolean,
    active: () => readonly Entity[],
  ): Iterable<TickFinding | GoneEntity | HeardEntity | Unfinished>;
}

export interface StoredReads {
  readonly measurement: string;
  /** undefined: all. */
  readonly fields?: readonly string[];
}

/** For operators, without a full stop. */
export interface NotOverHistory {
  readonly en: string;
  readonly vi: string;
}

/** One whose alerts are about series. */
export type SeriesEvaluator =
  RowEvaluator | (TickEvaluator & Required<Pick<TickEvaluator, 'measurement' | 'where'>>);

/** What kinds may read at a tick, besides samples. */
export interface EvidenceSources {
  readonly liveness: Pick<
    AgentRegistry,
    'absences' | 'locationOf' | 'clockCorrectionOf' | 'eachClockCorrection' | 'phaseOf'
  >;
  readonly problems: Pick<AgentProblems, 'find' | 'agentsWith'>;
  readonly latest: Pick<LatestCache, 'walk'>;
  /** The inventory's devices at present. */
  readonly devices: () => ReadonlyMap<string, ListedDevice>;
  /** undefined: rules over the inventory have nothing to read. */
  readonly city?: CityEvidence;
  /** undefined: rules about what will be full have nothing to read. */
  readonly forecasts?: Pick<CapacityForecasts, 'list'>;
  /** undefined: rules about service targets have nothing to read. */
  readonly targets?: Pick<ServiceTargets, 'list' | 'timesOf'>;
  /** undefined: rules about the wiring have nothing to read. */
  readonly wiring?: Pick<Topology, 'wiring' | 'isDeclared'>;
}

/** Values of the entity tags. */
export type Entity = Readonly<Record<string, string>>;

/** Nobody expects it any more: its alert is withdrawn. */
export interface GoneEntity {
  readonly entity: Entity;
  readonly isGone: true;
}

/** Too little is known to judge it, though not nothing: its alert stays for as long as this is told. */
export interface HeardEntity {
  readonly entity: Entity;
  readonly isHeard: true;
}

/** A part of the work is done: the rest may have to wait for the next tick, since nothing else happens meanwhile. */
export interface Unfinished {
  readonly isUnfinished: true;
}
export const UNFINISHED: Unfinished = { isUnfinished: true };

/** A device as the inventory has it. */
export interface ListedDevice extends Location {
  /** Whose word counts, where several watch it. */
  readonly agent?: string;
}

export interface TickFinding {
  readonly entity: Entity;
  readonly agent: string;
  readonly location: Location;
  readonly value: AlertValue;
  /** Of each level, mildest first. */
  readonly evaluations: readonly Evaluation[];
  /** When the breach began, if there is one. */
  readonly sinceMs: number;
  /** False: too uncertain to begin an alert. */
  readonly mayStart: boolean;
}
