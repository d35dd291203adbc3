import { expect, it } from 'vitest';
import { ownProblems } from './own-problems.ts';

const OWN = 'devices/n-1: site: no such entry, got "hub-0x"';
const FOLLOWING = 'links/up-1 (in the inventory): ends[0].device: stands in site hub-0x, not in hub-01';

it('tells what is wrong with an entry apart from what others say because of it', () => {
  expect(ownProblems([FOLLOWING, OWN])).toEqual({ own: [OWN], following: [FOLLOWING] });
});

it('hides nothing where only others complain, as of an entry that is removed', () => {
  expect(ownProblems([FOLLOWING])).toEqual({ own: [FOLLOWING], following: [] });
});
