import { expect, it } from 'vitest';
import { COLLECTOR_KINDS } from '../../board/pages/fleet/rollout-settings.ts';
import { collectorKinds } from '../../edge/collectors/index.ts';

it('the form of a roll-out offers every kind of collector that an agent has', () =>
  expect([...COLLECTOR_KINDS]).toEqual(collectorKinds.map(({ kind }) => kind)));
