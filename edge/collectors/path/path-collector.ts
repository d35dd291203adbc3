import { setMaxListeners } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Sample } from '../../../contract/sample.ts';
import { permittedAddresses } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, Collector, CollectorDeps } from '../collector.ts';
import type { BurstPlan, Probe } from '../../protocols/ping/icmp-probe.ts';
import { spacedBurst } from '../../protocols/ping/spaced-burst.ts';
import { createTcpProbe } from '../../protocols/ping/tcp-probe.ts';
import type { AddressOf } from '../../protocols/dns/address-cache.ts';
import { responseMs } from './http-probe.ts';
import { inOrder, measureFirstAnswered, type Measured, type Measurer } from './measure.ts';
import type { PathConfig } from './config.ts';
import type { TraceResult } from './path-samples.ts';
import { withoutAddresses } from './route.ts';
import type { PathTarget } from './target.ts';
import type { TraceReason } from './trace-reason.ts';
import type { Tracer } from './tracer.ts';
import { TargetState } from './target-state.ts';

export interface PathTools {
  readonly icmp: Probe;
  readonly trace: Tracer;
  readonly addressOf: AddressOf;
  readonly ownAddresses: () => readonly string[];
}

export const MAX_PARALLEL = 64;
/** Per run: when a whole site is cut off, a few traces show where; the others wait for the next run. */
const MAX_TRACES = 4;

/** Result of a run for one target; without `measured` its state is unknown. */
interface Outcome {
  readonly state: TargetState;
  readonly timeMs: number;
  readonly address?: string;
  readonly measured?: Measured;
  readonly reason?: TraceReason | undefined;
  trace?: TraceResult;
}

/** One burst to each target, then traces of those whose route seems to have changed. */
export function createPathCollector(config: PathConfig, tools: PathTools, deps: CollectorDeps): Collector {
  const states = config.targets.map((target) => new TargetState(target));
  const run = { config, tools, deps };
  return {
    name: 'path',
    collect: (signal) => collectPaths(states, { ...run, signal, errors: [] }),
    close: async () => undefined,
  };
}

interface Run {
  readonly config: PathConfig;
  readonly tools: PathTools;
  readonly deps: CollectorDeps;
  readonly signal: AbortSignal;
  readonly errors: Error[];
}

async function collectPaths(states: readonly TargetState[], run: Run): Promise<Collected> {
  // Each probe listens for the end of the run.
  setMaxListeners(0, run.signal);
  const outcomes: Outcome[] = [];
  const waiting = [...states];
  const work = async (): Promise<void> => {
    for (let state = waiting.shift(); state !== undefined; state = waiting.shift()) {
      const outcome = await measure(state, run);
      if (outcome !== undefined) outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  await Promise.all(mostUrgent(outcomes).map((outcome) => trace(outcome, run)));
  const { commonTags } = run.deps;
  const samples: Sample[] = outcomes.flatMap(({ state, measured, trace: traced, timeMs }) =>
    state.samples(measured, traced, { commonTags, timeMs }),
  );
  return { samples, errors: run.errors };
}

/** Undefined when it was aborted: the target's state is unknown. */
async function measure(state: TargetState, run: Run): Promise<Outcome | undefined> {
  const { config, tools, deps, signal } = run;
  const { clock } = deps;
  try {
    signal.throwIfAborted();
    const address = await tools.addressOf(state.target.address, signal);
    const measurers = measurersOf({ ...state.target, address }, run);
    const first = state.methodToTryFirst(clock.monotonicMs());
    const measured = await measureFirstAnswered(inOrder(measurers, first), signal);
    const reason = state.recordBurst(measured, config.traceLossPct, clock.monotonicMs());
    return { state, timeMs: clock.now(), address, measured, reason };
  } catch (error) {
    run.errors.push(failure(state, '', error));
    return signal.aborted ? undefined : { state, timeMs: clock.now() };
  }
}

function measurersOf(target: PathTarget, { config, tools, deps, signal }: Run): Measurer[] {
  const plan: BurstPlan = config;
  const { clock, guard } = deps;
  const { address, port, url } = target;
  const measurers: Measurer[] = [{ method: 'icmp', measure: () => tools.icmp(address, plan, signal) }];
  if (port !== undefined) {
    const tcp = createTcpProbe({ clock, port, guard });
    measurers.push({ method: 'tcp', measure: () => tcp(address, plan, signal) });
  }
  if (url !== undefined) {
    measurers.push({
      method: 'http',
      measure: async () => {
        const host = await tools.addressOf(hostOf(url), signal);
        const ask = () => responseMs({ url, host, guard, timeoutMs: plan.replyTimeoutMs, signal }, clock);
        return spacedBurst(plan.count, ask, { clock, signal });
      },
    });
  }
  return config.methods.flatMap((method) => measurers.filter((measurer) => measurer.method === method));
}

/** Without the brackets of an IPv6 address. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** Those without any answer first. */
function mostUrgent(outcomes: readonly Outcome[]): Outcome[] {
  const due = outcomes.filter(({ reason }) => reason !== undefined);
  return due
    .toSorted((a, b) => Number(b.reason === 'loss') - Number(a.reason === 'loss'))
    .slice(0, MAX_TRACES);
}

async function trace(outcome: Outcome, { config, tools, deps, signal, errors }: Run): Promise<void> {
  const { state, address, measured, reason } = outcome;
  if (!config.trace || address === undefined || measured === undefined || reason === undefined) return;
  try {
    signal.throwIfAborted();
    permittedAddresses(deps.guard, { host: address, port: undefined }, [
      { address, family: isIPv6(address) ? 6 : 4 },
    ]);
    const seen = await tools.trace(address, signal);
    const hops = withoutAddresses(seen, tools.ownAddresses(), address);
    outcome.trace = state.recordRoute(measured, reason, { hops, address });
  } catch (error) {
    errors.push(failure(state, 'trace: ', error));
    if (signal.aborted) return;
  }
  state.recordTrace(measured, config.traceLossPct, deps.clock.monotonicMs());
}

function failure(state: TargetState, what: string, error: unknown): Error {
  return new Error(`path ${state.target.address}: ${what}${messageOf(error)}`, { cause: error });
}
