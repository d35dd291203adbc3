import type { Presence } from '../mqtt/bus.ts';
import { stateTopic } from '../../contract/sparkplug/topic.ts';

/**
 * STATE of a host application (Sparkplug 3.0, section 4.2.3): retained JSON, its death is the will of the connection. The
 * birth carries the time of that connection's will (tck-id-host-topic-phid-birth-payload-timestamp).
 */
export function hostState(hostId: string): Presence {
  return {
    topic: stateTopic(hostId),
    payload: (online, atMs) => JSON.stringify({ online, timestamp: atMs }),
    // tck-id-message-flow-hid-sparkplug-state-message-delivered
    isOffline: (payload) => {
      try {
        const state: unknown = JSON.parse(payload.toString('utf8'));
        return typeof state === 'object' && state !== null && 'online' in state && state.online === false;
      } catch {
        return false;
      }
    },
  };
}
