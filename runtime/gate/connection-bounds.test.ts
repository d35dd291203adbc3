import { describe, expect, it } from 'vitest';
import { ConnectionBounds, type Connection, type ConnectionLimits } from './connection-bounds.ts';

const LIMITS: ConnectionLimits = {
  maxOpen: 20,
  maxOpenPerAddress: 10,
  maxUnproven: 12,
  maxUnprovenPerAddress: 4,
  newBurst: 100,
  newPerS: 1,
  proveWithinMs: 10_000,
  crowdedFrom: 2,
  proveWithinCrowdedMs: 1_000,
};

/** Opens connections, and remembers which of them were ended. */
class Door {
  readonly bounds: ConnectionBounds;
  readonly ended: string[] = [];
  readonly refused: string[] = [];
  nowMs = 0;

  constructor(limits: Partial<ConnectionLimits> = {}, exempt: readonly string[] = []) {
    this.bounds = new ConnectionBounds({ ...LIMITS, ...limits }, (address) => exempt.includes(address));
  }

  open(address: string, name = address): Connection | undefined {
    const connection = this.bounds.admit(address, () => this.ended.push(name), this.nowMs);
    if (typeof connection !== 'string') return connection;
    this.refused.push(`${name}: ${connection}`);
    return undefined;
  }

  openAll(address: string, count: number): (Connection | undefined)[] {
    return Array.from({ length: count }, (_, at) => this.open(address, `${address} no. ${at}`));
  }

  logIn(address: string): Connection {
    const connection = this.open(address);
    if (connection === undefined) throw new Error(`${address} was refused`);
    this.bounds.prove(connection, this.nowMs);
    return connection;
  }
}

describe('an address with many connections that have not logged in', () => {
  it('loses its oldest for each new one, so that an honest one behind the same address gets in', () => {
    const door = new Door();
    door.openAll('192.0.2.1', 6);
    expect(door.ended).toEqual(['192.0.2.1 no. 0', '192.0.2.1 no. 1']);
    expect(door.open('192.0.2.1', 'honest')).toBeDefined();
    expect(door.bounds.counts).toEqual({ open: 4, unproven: 4 });
  });

  it('has less time the more crowded it is, and others keep theirs', () => {
    const door = new Door();
    door.openAll('192.0.2.1', 4);
    door.open('192.0.2.2');
    door.nowMs = 1_000;
    door.bounds.endOverdue(door.nowMs);
    expect(door.ended).toEqual(['192.0.2.1 no. 0', '192.0.2.1 no. 1']);
    door.nowMs = 10_000;
    door.bounds.endOverdue(door.nowMs);
    expect(door.ended.slice(2)).toEqual(['192.0.2.1 no. 2', '192.0.2.1 no. 3', '192.0.2.2']);
    expect(door.bounds.counts).toEqual({ open: 0, unproven: 0 });
  });

  it('is one with its /64', () => {
    const door = new Door();
    for (let host = 0; host < 6; host++) door.open(`2001:db8::${host}`);
    expect(door.ended).toEqual(['2001:db8::0', '2001:db8::1']);
    door.open('2001:db8:0:1::1');
    expect(door.bounds.counts.open).toBe(5);
  });

  it('gives way to other addresses when all places are taken', () => {
    const door = new Door({ maxUnproven: 6, maxUnprovenPerAddress: 100, maxOpenPerAddress: 100 });
    door.openAll('192.0.2.1', 6);
    door.open('192.0.2.2');
    door.open('192.0.2.3');
    expect(door.ended).toEqual(['192.0.2.1 no. 0', '192.0.2.1 no. 1']);
  });

  it('is not bounded where it is exempt, but all of them together are', () => {
    const door = new Door({ maxOpen: 15, maxUnproven: 15, newBurst: 1 }, ['10.0.0.1']);
    door.openAll('10.0.0.1', 15);
    expect([door.ended, door.refused]).toEqual([[], []]);
    door.open('10.0.0.1', 'one more');
    expect(door.ended).toEqual(['10.0.0.1 no. 0']);
  });
});

describe('connections that have logged in', () => {
  it('are never ended for new ones, nor for their age', () => {
    const door = new Door({ maxOpenPerAddress: 3, maxOpen: 4 });
    for (let client = 0; client < 3; client++) door.logIn('192.0.2.1');
    expect(door.open('192.0.2.1')).toBeUndefined();
    door.logIn('192.0.2.2');
    expect(door.open('192.0.2.3')).toBeUndefined();
    door.bounds.endOverdue(1e9);
    expect(door.ended).toEqual([]);
    expect(door.refused).toEqual([
      '192.0.2.1: too many connections from this address',
      '192.0.2.3: too many connections',
    ]);
  });

  it('take the place of one that has not', () => {
    const door = new Door({ maxOpenPerAddress: 3 });
    door.open('192.0.2.1', 'silent');
    door.logIn('192.0.2.1');
    door.logIn('192.0.2.1');
    expect(door.open('192.0.2.1')).toBeDefined();
    expect(door.ended).toEqual(['silent']);
  });
});

describe('new connections of an address', () => {
  it('are a burst, then a rate', () => {
    const door = new Door({ newBurst: 3 });
    for (const connection of door.openAll('192.0.2.1', 4)) if (connection) door.bounds.closed(connection);
    expect(door.refused).toEqual(['192.0.2.1 no. 3: too many new connections from this address']);
    expect(door.open('192.0.2.2')).toBeDefined();
    door.nowMs = 1_000;
    expect(door.open('192.0.2.1')).toBeDefined();
  });

  it('do not count once they have logged in, but for those that do so too often', () => {
    const door = new Door({ newBurst: 1, maxOpenPerAddress: 20 });
    for (let client = 0; client < 10; client++) door.logIn('192.0.2.1');
    const connection = door.open('192.0.2.1', 'frequent');
    door.bounds.prove(connection!, door.nowMs, true);
    expect(door.open('192.0.2.1')).toBeUndefined();
  });
});

it('counts a connection as closed once, however often that is said', () => {
  const door = new Door();
  const connection = door.logIn('192.0.2.1');
  door.bounds.closed(connection);
  door.bounds.closed(connection);
  door.bounds.prove(connection, 0);
  expect(door.bounds.counts).toEqual({ open: 0, unproven: 0 });
});
