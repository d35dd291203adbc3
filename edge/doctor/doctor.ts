import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { readConnection, sendsPasswordInClear } from '../protocols/mqtt/broker-config.ts';
import { SilentSenders } from '../collectors/wait-for-senders.ts';
import { readClockRecord } from '../publisher/central-clock-record.ts';
import type { EdgeConfig } from '../config/edge-config.ts';
import { readOnce, type CollectorReading } from '../scheduler/read-once.ts';
import { checkBroker } from './check-broker.ts';
import { evaluateCentralClock } from './check-central-clock.ts';
import { checkClock } from './check-clock.ts';
import { checkConfigInForce } from './check-config.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { checkDisk } from './check-disk.ts';
import { checkNames } from './check-names.ts';
import { checkRights } from './check-rights.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/**
 * Checks everything the agent depends on: disk, config, clock, rights, names, broker, deliveries, every source. Changes nothing and
 * sends no sample. Throws a UserError (exit 2) when a secret of the configuration cannot be read.
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
  const { findings: inForce, collectors } = await checkConfigInForce(config, { agentRuns, log: deps.log });
  const needs = collectors.map(({ kind, options }) => kind.needs?.(options) ?? {});
  const clock = await checkClock(deps.signal);
  const rights = await checkRights({
    dataDirectory: config.dataDirectory,
    readable: needs.flatMap(({ readable = [] }) => readable),
    icmp: needs.some(({ icmp }) => icmp === true),
    signal: deps.signal,
  });
  const names = await checkNames(needs.flatMap(({ hosts = [] }) => hosts));
  const broker = await checkBroker(config.agent, connection, {
    agentRuns,
    takesConfig: config.configFromCentral.accept,
  });
  const deliveries = await checkDeliveries(config.dataDirectory, {
    agent: config.agent,
    agentRuns,
    nowMs: deps.clock.now(),
  });
  const inClear = sendsPasswordInClear(connection)
    ? [warn('password', 'crosses the network in the clear', 'use an mqtts:// url')]
    : [];
  const listening = agentRuns ? collectors.filter((_collector, at) => needs[at]?.listens === true) : [];
  const others = collectors.filter((collector) => !listening.includes(collector));
  const readings = await readOnce({ ...config, collectors: others }, deps);
  return [
    ...disk,
    ...inForce,
    clock,
    evaluateCentralClock(readClockRecord(config.dataDirectory), deps.clock.now()),
    ...rights,
    ...names,
    ...broker,
    deliveries,
    ...inClear,
    ...listening.map(({ name }) => ok(`collector ${name}`, NOT_TRIED)),
    ...readings.flatMap(findingsOf),
  ];
}

const NOT_TRIED = 'not tried: the agent is running and listens itself; its own state is at central';

/** Pure. */
export function findingsOf({ collector, samples, errors }: CollectorReading): Finding[] {
  const check = `collector ${collector}`;
  const seen = `${samples.length} samples`;
  if (errors.length === 0) {
    return [
      samples.length > 0
        ? ok(check, seen)
        : warn(check, 'no samples and no error', 'check whether it has anything to measure'),
    ];
  }
  const advice = samples.length > 0 ? `the rest can be read (${seen})` : 'nothing can be read';
  return errors.map((error) =>
    error instanceof SilentSenders
      ? warn(check, error.message, 'it listens; start a sender, or check where it sends to')
      : fail(check, error.message, advice),
  );
}
