import type { DeviceNode, Kept, LinkNode } from './graph-nodes.ts';
import { Standing } from './standing.ts';
import type { ElementKind, ElementRef } from './state-view.ts';
import { EvidenceSubject } from './witness.ts';

/** An element that evidence is about. */
interface Evident {
  readonly subject: EvidenceSubject;
  /** In the graph of now; undefined: it is not expected. */
  node: DeviceNode | LinkNode | undefined;
  isDirty: boolean;
}

/** What of the elements outlives a graph of the city: how each stands, and its evidence. */
export class Elements implements Kept {
  readonly #now: () => number;
  readonly #standings = new Map<string, Standing>();
  readonly #evident = new Map<string, Evident>();
  #dirty: Evident[] = [];
  #generation = 0;

  /** `now`: central's time, since when what is new stands as it does. */
  constructor(now: () => number) {
    this.#now = now;
  }

  evidenceOf(ref: ElementRef): EvidenceSubject {
    const known = this.#evident.get(ref);
    if (known !== undefined) return known.subject;
    const evident: Evident = {
      subject: new EvidenceSubject(() => this.#markDirty(evident)),
      node: undefined,
      isDirty: false,
    };
    this.#evident.set(ref, evident);
    return evident.subject;
  }

  standingOf(kind: ElementKind, ref: ElementRef): Standing {
    let standing = this.#standings.get(ref);
    if (standing === undefined) {
      standing = new Standing(kind, ref, this.#now());
      this.#standings.set(ref, standing);
    }
    standing.generation = this.#generation;
    return standing;
  }

  /** Before a graph is built: what it does not ask for is gone afterwards. */
  beginGraph(): void {
    this.#generation++;
  }

  /** It is in the graph of now. */
  attach(node: DeviceNode | LinkNode): void {
    const evident = this.#evident.get(node.ref);
    if (evident !== undefined) evident.node = node;
  }

  standing(ref: string): Standing | undefined {
    return this.#standings.get(ref);
  }

  standings(): Iterable<Standing> {
    return this.#standings.values();
  }

  subjects(): Iterable<EvidenceSubject> {
    return [...this.#evident.values()].map(({ subject }) => subject);
  }

  /** Those that the newest graph did not ask for. */
  gone(): Standing[] {
    return [...this.#standings.values()].filter(({ generation }) => generation !== this.#generation);
  }

  forget({ ref }: Standing): void {
    this.#standings.delete(ref);
    const evident = this.#evident.get(ref);
    if (evident !== undefined) evident.node = undefined;
    this.#evident.delete(ref);
  }

  get hasDirty(): boolean {
    return this.#dirty.length > 0;
  }

  markAllDirty(): void {
    for (const evident of this.#evident.values()) this.#markDirty(evident);
  }

  /** Calls `decide` for each whose evidence may come to something else, once. */
  takeDirty(decide: (node: DeviceNode | LinkNode) => void): void {
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const evident of dirty) {
      evident.isDirty = false;
      if (evident.node !== undefined) decide(evident.node);
    }
  }

  #markDirty(evident: Evident): void {
    if (evident.isDirty) return;
    evident.isDirty = true;
    this.#dirty.push(evident);
  }
}
