import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../runtime/clock.ts';
import { FleetLinks } from '../../simulators/fleet/fleet-links.ts';
import { connectBy } from './publisher-bench.ts';

// What a real agent's connection does, that of a simulated one does: the suites of the publisher run over both.
const links = new FleetLinks(systemClock);
beforeAll(() => {
  connectBy.openLink = (options) => links.open(options);
});
afterAll(() => {
  delete connectBy.openLink;
});

await import('./publisher.test.ts');
await import('./publisher-tls.test.ts');
