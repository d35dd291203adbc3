import type { Part } from '../../jobs/part.ts';
import { ServiceStates, type ServiceStatesDeps } from './service-states.ts';

const SECOND_MS = 1_000;

export function createServicesPart(deps: ServiceStatesDeps): Part<{ readonly serviceStates: ServiceStates }> {
  const serviceStates = new ServiceStates(deps);
  return {
    shared: { serviceStates },
    jobs: [{ name: 'services', everyMs: SECOND_MS, run: () => serviceStates.refresh() }],
  };
}
