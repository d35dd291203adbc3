import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT_ID_PATTERN } from '../topics.ts';
import { agentIdOf, deviceTagOf } from './identity.ts';
import { isName } from './topic.ts';

describe('the agent id of an edge node', () => {
  it.each([
    ['power', 'ups-1', 'spb-power--ups-1'],
    ['Sparkplug B Devices', 'Raspberry Pi', /^spb-sparkplug-b-devices--raspberry-pi--[0-9a-f]{10}$/],
    ['Phường Sài Gòn', 'Điện', /^spb-phuong-sai-gon--dien--[0-9a-f]{10}$/],
    ['工厂', '一号', /^spb-x--x--[0-9a-f]{10}$/],
    ['g'.repeat(60), 'n', /^spb-g{23}--n--[0-9a-f]{10}$/],
  ])('of %s/%s can be read', (group, node, id) => {
    if (typeof id === 'string') expect(agentIdOf({ group, node })).toBe(id);
    else expect(agentIdOf({ group, node })).toMatch(id);
  });

  it('is a valid agent id, and another one for every other node', () => {
    const name = fc
      .oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.stringMatching(/^[a-zA-Z0-9 .-]{1,40}$/))
      .filter(isName);
    const node = fc.record({ group: name, node: name });
    fc.assert(
      fc.property(node, node, (one, other) => {
        expect(agentIdOf(one)).toMatch(AGENT_ID_PATTERN);
        if (one.group !== other.group || one.node !== other.node)
          expect(agentIdOf(one)).not.toBe(agentIdOf(other));
      }),
    );
  });

  it.each([
    [
      { group: 'a', node: 'b-c' },
      { group: 'a-b', node: 'c' },
    ],
    [
      { group: 'a', node: 'b' },
      { group: 'A', node: 'b' },
    ],
    [
      { group: 'a-', node: 'b' },
      { group: 'a', node: '-b' },
    ],
    [
      { group: 'a--b', node: 'c' },
      { group: 'a', node: 'b--c' },
    ],
  ])('tells %j from %j', (one, other) => expect(agentIdOf(one)).not.toBe(agentIdOf(other)));
});

describe('the device tag without a mapping', () => {
  it('is made of the names', () => {
    expect(deviceTagOf({ group: 'power', node: 'n1' })).toBe('power.n1');
    expect(deviceTagOf({ group: 'power', node: 'n1' }, 'ups-1')).toBe('power.n1.ups-1');
    expect(deviceTagOf({ group: 'power', node: 'n1' }, 'UPS 1')).toMatch(/^power\.n1\.ups-1--[0-9a-f]{10}$/);
  });

  it('tells a dot in a name from one between names', () => {
    expect(deviceTagOf({ group: 'a.b', node: 'c' })).not.toBe(deviceTagOf({ group: 'a', node: 'b' }, 'c'));
  });
});
