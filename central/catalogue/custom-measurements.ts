import type { PushedConfig } from '../../contract/agent-config.ts';
import type { Catalogue, MeasurementDefinition } from '../../contract/catalogue.ts';
import { declaredIn } from '../../contract/custom/declared-in-config.ts';
import { MAX_DECLARATIONS_A_FILE, type Declaration } from '../../contract/custom/declaration.ts';
import { definitionOf } from '../../contract/custom/definition.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import type { StateDatabase } from '../state/database.ts';
import { openCustomRecord, type CustomRecord, type Declarer, type KnownCustom } from './custom-record.ts';
import { catalogueWith, contradictions, nameOf, type Declared } from './declared.ts';
import { asStored, columnProblems, columnsOf } from './stored-columns.ts';

/** In the catalogue at a time: each is a table of the store with its history, and read by every list of measurements. */
export const MAX_CUSTOM = 128;
/** Over time: the tables of earlier ones stay in the store until their rows are old. */
const MAX_NAMES = 1_000;

/** Told which measurements have come, changed or gone. */
export type CatalogueListener = (changed: ReadonlySet<string>) => void;
/** Problems of whoever could not go on with this catalogue, such as a rule. */
export type CatalogueCheck = (next: Catalogue) => readonly string[];

/**
 * The catalogue with what operators declare: in files of central (`configure`), and in the configs that central pushes to agents (`take`).
 * What contradicts another declaration, or what the store already has, is refused. Survives a restart.
 */
export class CustomMeasurements {
  /** What may be sent, asked for and named in rules, now. */
  readonly catalogue: Catalogue;
  /** Everything the store may have rows of. */
  readonly stored: Catalogue;
  readonly #live = new Map(CATALOGUE);
  readonly #stored = new Map(CATALOGUE);
  readonly #record: CustomRecord;
  readonly #known: Map<string, KnownCustom>;
  readonly #byAgent: Map<string, readonly Declaration[]>;
  readonly #listeners: CatalogueListener[] = [];
  readonly #checks: CatalogueCheck[] = [];
  #configured: readonly Declared[] | undefined;

  /** What was in force when central last ran is so at once. */
  constructor(database: StateDatabase) {
    this.catalogue = this.#live;
    this.stored = this.#stored;
    this.#record = openCustomRecord(database);
    this.#known = new Map(this.#record.known());
    this.#byAgent = new Map(this.#record.byAgent());
    this.#configured = this.#record.ofFiles();
    this.#show();
  }

  onChange(listener: CatalogueListener): void {
    this.#listeners.push(listener);
  }

  /** Asked before files of central or a pushed config take something away. */
  addCheck(check: CatalogueCheck): void {
    this.#checks.push(check);
  }

  /** Those of files, also of an earlier run. Undefined: there are no files. */
  get configured(): readonly Declared[] | undefined {
    return this.#configured;
  }

  /**
   * What files declare, all of them; `undefined`: there are none. `check` is asked beside those that were added. Throws a UserError
   * (exit 2) with every problem: nothing is changed then.
   */
  configure(declared: readonly Declared[] | undefined, check: CatalogueCheck = () => []): void {
    const given = declared ?? [];
    const pushed = [...this.#byAgent].flatMap(([agent, declarations]) => declaredBy(agent, declarations));
    const problems = [
      ...contradictions(given, pushed),
      ...this.#columnProblems(given),
      ...this.#tooMany([...given, ...pushed]),
    ];
    const wanted = this.#wanted(given);
    if (problems.length === 0) problems.push(...check(catalogueWith(wanted.values())));
    if (problems.length === 0) problems.push(...this.#unfit(wanted, [...given, ...pushed]));
    if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
    this.#save(given, false, { files: declared });
    this.#configured = declared;
    this.#makeRoom();
    this.#show();
  }

  /** Why what a config for this agent declares cannot be taken in. */
  problemsOf(agent: string, config: PushedConfig): readonly string[] {
    const declared = declaredBy(agent, declaredIn(config));
    const others = [...this.#byAgent].flatMap(([other, declarations]) =>
      other === agent ? [] : declaredBy(other, declarations),
    );
    const known = [...(this.#configured ?? []), ...others];
    const tooMany =
      declared.length > MAX_DECLARATIONS_A_FILE
        ? [`${sourceOf(agent)} declares ${declared.length} measurements, at most ${MAX_DECLARATIONS_A_FILE}`]
        : [];
    const problems = [
      ...tooMany,
      ...contradictions(declared, known),
      ...this.#columnProblems(declared),
      ...this.#tooMany([...declared, ...known]),
    ];
    if (problems.length > 0) return problems;
    const next = new Map(this.#wanted(this.#configured));
    for (const { declaration } of declared) next.set(declaration.measurement, declaration);
    return this.#unfit(next, [...known, ...declared]);
  }

  /** What the config that an agent is to run declares, which `problemsOf` has found good. `null`: the agent runs its own file, or is gone. */
  take(agent: string, config: PushedConfig | null): void {
    const declared = config === null ? [] : declaredBy(agent, declaredIn(config));
    const before = this.#byAgent.get(agent) ?? [];
    const declarations = declared.map(({ declaration }) => declaration);
    if (JSON.stringify(before) === JSON.stringify(declarations)) return;
    this.#save(declared, true, { agent, declarations });
    if (declarations.length === 0) this.#byAgent.delete(agent);
    else this.#byAgent.set(agent, declarations);
    this.#makeRoom();
    this.#show();
  }

  #columnProblems(declared: readonly Declared[]): readonly string[] {
    return declared.flatMap((each) => columnProblems(each, this.#known.get(nameOf(each))?.columns));
  }

  /** Why nobody could go on with `wanted`, or why it is too large even without all that `declared` does not name. */
  #unfit(wanted: ReadonlyMap<string, Declaration>, declared: readonly Declared[]): readonly string[] {
    const problems = this.#problemsWith(wanted);
    if (problems.length > 0) return problems;
    const needed = new Set(declared.map(nameOf));
    const idle = [...wanted.keys()].filter((name) => !needed.has(name));
    return this.#tooManyNeeded(wanted.size - this.#spare(wanted, idle).length);
  }

  #problemsWith(wanted: ReadonlyMap<string, Declaration>): readonly string[] {
    const next = catalogueWith(wanted.values());
    return this.#checks.flatMap((check) => check(next));
  }

  /** Which of `idle` leave `wanted` where it is too large: the oldest first, and none that somebody needs. */
  #spare(wanted: ReadonlyMap<string, Declaration>, idle: readonly string[]): readonly string[] {
    const left = new Map(wanted);
    return idle.filter((name) => {
      const declaration = left.get(name);
      if (left.size <= MAX_CUSTOM || declaration === undefined) return false;
      left.delete(name);
      if (this.#problemsWith(left).length === 0) return true;
      left.set(name, declaration);
      return false;
    });
  }

  #tooManyNeeded(count: number): readonly string[] {
    return count > MAX_CUSTOM
      ? [`custom measurements: ${count} would be declared or named by rules, at most ${MAX_CUSTOM} together`]
      : [];
  }

  #tooMany(declared: readonly Declared[]): readonly string[] {
    const names = new Set(declared.map(nameOf));
    const ever = new Set([...this.#known.keys(), ...names]).size;
    return [
      ...(names.size > MAX_CUSTOM
        ? [`custom measurements: ${names.size} would be declared, at most ${MAX_CUSTOM} together`]
        : []),
      ...(ever > MAX_NAMES ? [`custom measurements: ${ever} names over time, at most ${MAX_NAMES}`] : []),
    ];
  }

  #save(declared: readonly Declared[], isPushed: boolean, by: Declarer): void {
    const changed = new Map<string, KnownCustom>();
    for (const { declaration } of declared) {
      const name = declaration.measurement;
      const before = this.#known.get(name);
      const next: KnownCustom = {
        declaration,
        columns: { ...before?.columns, ...columnsOf(declaration) },
        isPushed: isPushed || (before?.isPushed ?? false),
      };
      if (JSON.stringify(next) !== JSON.stringify(before)) changed.set(name, next);
    }
    this.#record.save([...changed.values()], by);
    for (const [name, next] of changed) {
      this.#known.delete(name);
      this.#known.set(name, next);
    }
  }

  /** Those that no config declares any more leave the catalogue where others need their place, the oldest first; never one that a rule needs. */
  #makeRoom(): void {
    const declared = new Set([
      ...(this.#configured ?? []).map(nameOf),
      ...[...this.#byAgent.values()].flat().map(({ measurement }) => measurement),
    ]);
    const wanted = this.#wanted(this.#configured);
    const spare = new Set(
      this.#spare(
        wanted,
        [...wanted.keys()].filter((name) => !declared.has(name)),
      ),
    );
    const changed = [...this.#known]
      .filter(([name]) => spare.has(name))
      .map(([name, known]) => [name, { ...known, isPushed: false }] as const);
    if (changed.length > 0) this.#record.save(changed.map(([, known]) => known));
    for (const [name, known] of changed) this.#known.set(name, known);
  }

  #wanted(configured: readonly Declared[] | undefined = []): ReadonlyMap<string, Declaration> {
    const wanted = new Map<string, Declaration>();
    for (const [name, { declaration, isPushed }] of this.#known) if (isPushed) wanted.set(name, declaration);
    for (const { declaration } of configured) wanted.set(declaration.measurement, declaration);
    return wanted;
  }

  /** Definitions that stay the same stay the same object. */
  #show(): void {
    const wanted = this.#wanted(this.#configured);
    const changed = new Set<string>();
    for (const name of this.#live.keys())
      if (!CATALOGUE.has(name) && !wanted.has(name) && this.#live.delete(name)) changed.add(name);
    for (const [name, declaration] of wanted)
      if (setIfOther(this.#live, definitionOf(declaration))) changed.add(name);
    for (const { declaration, columns } of this.#known.values())
      setIfOther(this.#stored, asStored(definitionOf(declaration), columns));
    if (changed.size > 0) for (const listener of this.#listeners) listener(changed);
  }
}

function setIfOther(map: Map<string, MeasurementDefinition>, definition: MeasurementDefinition): boolean {
  const { name } = definition;
  if (JSON.stringify(map.get(name)) === JSON.stringify(definition)) return false;
  map.set(name, definition);
  return true;
}

function declaredBy(agent: string, declarations: readonly Declaration[]): readonly Declared[] {
  return declarations.map((declaration) => ({ declaration, source: sourceOf(agent) }));
}

function sourceOf(agent: string): string {
  return `the config of ${agent}`;
}
