import { createEmbeddedBroker } from '../../central/mqtt/broker/embedded-broker.ts';
import { systemClock } from '../../runtime/clock.ts';
import { createLogger } from '../../runtime/logger.ts';

/** The embedded broker as a separate process, so that it can be killed without central. */
const broker = createEmbeddedBroker({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  authenticate: (user) => (user === 'central' ? 'central' : 'agent'),
  clock: systemClock,
  log: createLogger({ name: 'chaos-broker', level: 'error' }),
});
await broker.start(new AbortController().signal);
