import { NAMED_KINDS, type Reach } from '../limits/reach.ts';
import type { CityEvent } from './event-log.ts';

/** Whether a limited token is told of it: by the same rules as where it reads the alert, the agent or the state. Pure. */
export function isOwnEvent(
  { kind, unit, site, agent, detail }: Omit<CityEvent, 'atMs'>,
  reach: Reach,
): boolean {
  switch (kind) {
    case 'alert':
      return reach.hasAlert({ unit, site, entity: detail['entity'] as Readonly<Record<string, string>> });
    case 'agent':
    case 'config':
      return (
        agent !== undefined && reach.hasPlace('agent', { id: agent, ...(unit !== undefined && { unit }) })
      );
    // Of agents all over the city.
    case 'rollout':
      return false;
    case 'state': {
      const [of = '', id = ''] = String(detail['ref']).split(':', 2);
      const named = NAMED_KINDS.find((each) => each === of);
      return named !== undefined && reach.has(named, id);
    }
  }
}
