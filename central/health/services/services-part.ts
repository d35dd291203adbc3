import type { Part } from '../../jobs/part.ts';
import { ResourceStates } from './resource-states.ts';
import { ServiceStates, type ServiceStatesDeps } from './service-states.ts';

const SECOND_MS = 1_000;

interface SharedServices {
  readonly serviceStates: ServiceStates;
  readonly resourceStates: ResourceStates;
}

export function createServicesPart(deps: ServiceStatesDeps): Part<SharedServices> {
  const serviceStates = new ServiceStates(deps);
  const resourceStates = new ResourceStates(deps);
  const refresh = (): void => {
    serviceStates.refresh();
    resourceStates.refresh();
  };
  return {
    shared: { serviceStates, resourceStates },
    jobs: [{ name: 'services', everyMs: SECOND_MS, run: refresh }],
  };
}
