import type { Bus, BusMessage } from '../../mqtt/bus.ts';

/** The same bus, which says when a message of one topic arrives, before it is handled. */
export function watchedBus(bus: Bus, topic: string, onArrival: () => void): Bus {
  return {
    name: bus.name,
    get connected() {
      return bus.connected;
    },
    start: (signal) => bus.start(signal),
    stop: () => bus.stop(),
    onMessage: (handler, filters) => {
      const watched = (message: BusMessage): void => {
        if (message.topic === topic) onArrival();
        handler(message);
      };
      bus.onMessage(watched, filters);
    },
    holdBack: (roomAfter) => bus.holdBack(roomAfter),
    onConnected: (handler) => bus.onConnected(handler),
    announce: (presence) => bus.announce(presence),
    publish: (...message) => bus.publish(...message),
  };
}
