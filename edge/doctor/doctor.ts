import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { readConnection, sendsPasswordInClear } from '../broker-config.ts';
import type { EdgeConfig } from '../config.ts';
import { readOnce, type CollectorReading } from '../once.ts';
import { checkBroker } from './check-broker.ts';
import { checkClock } from './check-clock.ts';
import { checkDisk } from './check-disk.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/**
 * Looks at everything the agent depends on: disk, clock, broker, every source. Changes nothing and sends no sample.
 * Throws a UserError (exit 2) when a secret of the configuration cannot be read.
 */
export async function diagnose(
  config: EdgeConfig,
  deps: {
    readonly env: NodeJS.ProcessEnv;
    readonly clock: Clock;
    readonly log: Logger;
    readonly signal: AbortSignal;
  },
): Promise<readonly Finding[]> {
  const connection = readConnection(config.broker, deps.env);
  const { findings: disk, agentRuns } = checkDisk(config);
  const clock = await checkClock(deps.signal);
  const broker = await checkBroker(config.agent, connection, {
    agentRuns,
    takesConfig: config.configFromCentral.accept,
  });
  const inClear = sendsPasswordInClear(connection)
    ? [warn('password', 'crosses the network in the clear', 'use an mqtts:// url')]
    : [];
  const readings = await readOnce(config, deps);
  return [...disk, clock, ...broker, ...inClear, ...readings.flatMap(findingsOf)];
}

function findingsOf({ collector, samples, errors }: CollectorReading): Finding[] {
  const check = `collector ${collector}`;
  const seen = `${samples.length} samples`;
  if (errors.length === 0) {
    return [
      samples.length > 0
        ? ok(check, seen)
        : warn(check, 'no samples and no error', 'check whether it has anything to measure'),
    ];
  }
  const advice = samples.length > 0 ? `the rest is read (${seen})` : 'nothing of it can be read';
  return errors.map((error) => fail(check, error.message, advice));
}
