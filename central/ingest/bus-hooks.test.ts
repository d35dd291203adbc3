import { afterEach, expect, it } from 'vitest';
import { openAgentCredentials } from '../access/agent-credentials.ts';
import { createBusHooks } from './bus-hooks.ts';
import { Workbench } from './testing/workbench.ts';

const bench = new Workbench();
afterEach(() => bench.dispose());

it('whoever logs in has the rights of what it is: an agent, a Sparkplug node or a phone', () => {
  const credentials = openAgentCredentials(bench.database);
  const { quarantine } = bench;
  const { authenticate } = createBusHooks({
    credentials,
    quarantine,
    refusedLogins: { record: () => undefined },
  });
  const node = { group: 'g', node: 'n' };
  expect(authenticate('gw-1', credentials.issue('gw-1', 0))).toBe('agent');
  expect(authenticate('spb-g--n', credentials.issue('spb-g--n', 0, node))).toEqual({
    role: 'sparkplug',
    node,
  });
  expect(authenticate('phone-07', credentials.issue('phone-07', 0))).toBe('phone');
  expect(authenticate('phone-07', 'wrong')).toBeUndefined();
  expect(authenticate('phone-08', 'any')).toBeUndefined();
});
