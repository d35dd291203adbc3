/** A sender that lost its power left connections behind, and opens another. */
export const MAX_CONNECTIONS_OF_A_SENDER = 4;

export interface Place {
  readonly device: string;
  /** On the clock that never jumps; changed as data comes. */
  lastHeardMs: number;
}

/** Who has to go so that another may come; undefined: nobody has to. */
export interface Leaving<Connection> {
  readonly connection: Connection;
  readonly device: string;
  readonly why: 'of-its-own' | 'of-all';
}

/** Which connections there are. The longest idle one makes room: first of the same sender, then of the one that has most. */
export class ConnectionPlaces<Connection> {
  readonly #most: number;
  readonly #places = new Map<Connection, Place>();

  /** `most`: of all senders together. At least one for each of them, so that none can be kept out. */
  constructor(most: number) {
    this.#most = most;
  }

  get most(): number {
    return this.#most;
  }

  get all(): readonly Connection[] {
    return [...this.#places.keys()];
  }

  /** A new connection has its place; who had to go for it is no longer among them. */
  add(connection: Connection, device: string, nowMs: number): Leaving<Connection> | undefined {
    const leaving = this.#leavingFor(device);
    if (leaving !== undefined) this.#places.delete(leaving.connection);
    this.#places.set(connection, { device, lastHeardMs: nowMs });
    return leaving;
  }

  noteHeard(connection: Connection, nowMs: number): void {
    const place = this.#places.get(connection);
    if (place !== undefined) place.lastHeardMs = nowMs;
  }

  remove(connection: Connection): void {
    this.#places.delete(connection);
  }

  #leavingFor(device: string): Leaving<Connection> | undefined {
    const own = this.#longestIdle(device);
    if (own.count >= MAX_CONNECTIONS_OF_A_SENDER && own.connection !== undefined)
      return { connection: own.connection, device, why: 'of-its-own' };
    if (this.#places.size < this.#most) return undefined;
    const counts = new Map<string, number>();
    for (const place of this.#places.values()) counts.set(place.device, (counts.get(place.device) ?? 0) + 1);
    let crowd = '';
    for (const [name, count] of counts) if (count > (counts.get(crowd) ?? 0)) crowd = name;
    const { connection } = this.#longestIdle(crowd);
    return connection === undefined ? undefined : { connection, device: crowd, why: 'of-all' };
  }

  #longestIdle(device: string): { readonly connection: Connection | undefined; readonly count: number } {
    let [connection, sinceMs, count]: [Connection | undefined, number, number] = [undefined, Infinity, 0];
    for (const [each, place] of this.#places) {
      if (place.device !== device) continue;
      count++;
      if (place.lastHeardMs < sinceMs) [connection, sinceMs] = [each, place.lastHeardMs];
    }
    return { connection, count };
  }
}
