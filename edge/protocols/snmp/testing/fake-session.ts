import { compareOids } from '../oid.ts';
import { TYPE, type BulkRequest, type SnmpSession, type Varbind, type VarbindValue } from '../session.ts';

export type Objects = Readonly<Record<string, VarbindValue>>;

/** Comes before each answer; what it throws is the answer. */
export type Interruption = (request: {
  readonly oids: readonly string[];
  readonly maxRepetitions: number;
}) => void;

/** A device in memory. */
export class FakeSession implements SnmpSession {
  objects: Objects;
  readonly requests: { readonly oids: readonly string[]; readonly maxRepetitions: number }[] = [];
  interrupt: Interruption = () => undefined;
  /** More do not fit into its answers. */
  mostValues = Infinity;
  isClosed = false;
  #sorted: { readonly objects: Objects; readonly oids: readonly string[] } = { objects: {}, oids: [] };

  constructor(objects: Objects) {
    this.objects = objects;
  }

  async get(oids: readonly string[]): Promise<readonly Varbind[]> {
    this.#note({ oids, maxRepetitions: 0 });
    return oids.map((oid) => varbind(oid, this.objects[oid]));
  }

  async getBulk({ nonRepeaters, repeaters, maxRepetitions }: BulkRequest): Promise<readonly Varbind[]> {
    this.#note({ oids: repeaters, maxRepetitions });
    const answer = nonRepeaters.map((oid) => this.#next(oid));
    let oids = repeaters;
    for (let repetition = 0; repetition < maxRepetitions; repetition++) {
      const row = oids.map((oid) => this.#next(oid));
      answer.push(...row);
      if (row.every(({ value }) => value === undefined)) break;
      oids = row.map(({ oid }) => oid);
    }
    return answer.slice(0, nonRepeaters.length + this.mostValues);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  #note(request: (typeof this.requests)[number]): void {
    this.requests.push(request);
    this.interrupt(request);
  }

  #next(after: string): Varbind {
    if (this.#sorted.objects !== this.objects) {
      this.#sorted = { objects: this.objects, oids: Object.keys(this.objects).sort(compareOids) };
    }
    const { oids } = this.#sorted;
    let [from, to] = [0, oids.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (compareOids(oids[middle] ?? '', after) > 0) to = middle;
      else from = middle + 1;
    }
    const oid = oids[from];
    return oid === undefined ? varbind(after, undefined) : varbind(oid, this.objects[oid]);
  }
}

function varbind(oid: string, value: VarbindValue | undefined): Varbind {
  return { oid, type: value === undefined ? TYPE.endOfMibView : TYPE.octets, value };
}
