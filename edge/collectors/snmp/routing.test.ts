import { describe, expect, it } from 'vitest';
import type { Reading } from './reading.ts';
import { readRouting, type NeighbourMemory } from './routing.ts';
import { SnmpError } from '../../protocols/snmp/session.ts';
import { converseWith, objectsOf } from '../../protocols/snmp/testing/columns.ts';

const BGP = '1.3.6.1.2.1.15.3.1';
const OSPF = '1.3.6.1.2.1.14.10.1';
const DAY_S = 86_400;

const byPeer = (readings: readonly Reading[]) =>
  Object.fromEntries(
    readings.map(({ tags, fields }) => [`${tags['protocol'] ?? ''} ${tags['peer'] ?? ''}`, fields]),
  );

describe('BGP peers', () => {
  it('are established in state 6; one that was stopped on purpose is not called lost', async () => {
    const { readings } = await readRouting(
      converseWith(
        objectsOf(BGP, {
          '10.0.0.1': { 2: 6, 3: 2, 16: 86_400 },
          '10.0.0.2': { 2: 3, 3: 2, 16: 0 },
          '10.0.0.3': { 2: 1, 3: 1, 16: 0 },
        }),
      ),
      new Map(),
      1,
    );
    expect(byPeer(readings)).toEqual({
      'bgp 10.0.0.1': { bgp_peer_state: 6, established: true, established_s: 86_400 },
      'bgp 10.0.0.2': { bgp_peer_state: 3, established: false },
      'bgp 10.0.0.3': { bgp_peer_state: 1 },
    });
  });
});

describe('OSPF neighbours', () => {
  const tableOf = (states: Readonly<Record<string, number>>) =>
    objectsOf(
      OSPF,
      Object.fromEntries(Object.entries(states).map(([peer, state]) => [`${peer}.0`, { 1: peer, 6: state }])),
    );

  async function poll(states: Readonly<Record<string, number>>, before: NeighbourMemory, uptimeS: number) {
    const { readings, memory } = await readRouting(converseWith(tableOf(states)), before, uptimeS);
    return { memory, peers: byPeer(readings) };
  }

  it('are well at full, and at twoWay where neither is a designated router', async () => {
    const { peers } = await poll({ '10.0.0.1': 8, '10.0.0.2': 4, '10.0.0.3': 5 }, new Map(), 1);
    expect(peers).toEqual({
      'ospf 10.0.0.1': { ospf_nbr_state: 8, established: true },
      'ospf 10.0.0.2': { ospf_nbr_state: 4, established: true },
      'ospf 10.0.0.3': { ospf_nbr_state: 5, established: false },
    });
  });

  it('that were there and are no longer in the table are lost, for a week', async () => {
    const first = await poll({ '10.0.0.1': 8, '10.0.0.2': 2 }, new Map(), 100);
    const gone = await poll({}, first.memory, 160);
    expect(gone.peers).toEqual({ 'ospf 10.0.0.1': { ospf_nbr_state: 1, established: false } });
    const restarted = await poll({}, gone.memory, 10);
    expect(restarted.peers).toHaveProperty('ospf 10.0.0.1');
    expect((await poll({}, restarted.memory, 7 * DAY_S)).peers).toHaveProperty('ospf 10.0.0.1');
    expect((await poll({}, restarted.memory, 8 * DAY_S)).peers).toEqual({});
  });

  it('are not called lost by a table that could not be read', async () => {
    const failing = {
      column: async () => ({ cells: new Map(), error: new SnmpError('timeout', 'no answer') }),
    };
    const { readings, memory, error } = await readRouting(failing, new Map([['10.0.0.1', 100]]), 160);
    expect(readings).toEqual([]);
    expect(memory).toEqual(new Map([['10.0.0.1', 100]]));
    expect(error?.message).toBe('no answer');
  });
});
