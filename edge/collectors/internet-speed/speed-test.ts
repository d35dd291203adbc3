import { messageOf } from '../../../runtime/errors.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { RefusedTargetError, type TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { spacedBurst } from '../../protocols/ping/spaced-burst.ts';
import type { AddressOf } from '../../protocols/dns/address-cache.ts';
import { allowance } from './budget.ts';
import type { BudgetRecord } from './budget-record.ts';
import { serverEndpoint, type SpeedConfig } from './config.ts';
import { handshakeMs, whileDataFlowed, whileLoaded, type TcpEndpoint } from './latency.ts';
import { busyPercent, readLineRate } from './link-load.ts';
import { runTransfer, type Transfer, type TransferPlan } from './ndt7/transfer.ts';
import { testProblems, type LoadedTransfer, type Outcome } from './outcome.ts';
import type { TrustReader } from '../../protocols/tcp-tls/trust.ts';

export interface SpeedTools {
  readonly record: BudgetRecord;
  readonly addressOf: AddressOf;
  readonly guard: TargetGuard | undefined;
  readonly readTrust: TrustReader;
  readonly clock: Clock;
}

export interface SpeedTest extends SpeedTools {
  readonly config: SpeedConfig;
  readonly signal: AbortSignal;
}

const IDLE_HANDSHAKES = 5;
/** No test on a line that its users need. */
const BUSY_PCT = 70;

/** One test, if one is due and the line is free; undefined: none is due. Rejects on a fault of this machine. */
export async function testSpeed(test: SpeedTest): Promise<Outcome | undefined> {
  const { config, record, clock } = test;
  const allowed = allowance(record.spent(), config.budget, clock.now());
  if (allowed.kind === 'later') return undefined;
  if (allowed.kind === 'exhausted') return { status: 'budget', reason: allowed.reason };
  const reached = await reachServer(test);
  if ('status' in reached) return reached;
  const busyPct = busyPercent(
    await readLineRate({ procPath: config.procPath, interfaceName: config.interface }, test),
    { downloadMbps: config.contractedDownloadMbps, uploadMbps: config.contractedUploadMbps },
  );
  if (busyPct >= BUSY_PCT) return { status: 'busy', reason: `the line is ${Math.round(busyPct)} % busy` };
  const tested = await measureBoth(test, reached);
  const problems = testProblems(tested);
  if (problems.length < 2 || (await isLineUp(test, reached.target))) return tested;
  return { status: 'outage', reason: `the line went down in the test; ${problems.join('; ')}` };
}

interface Reached {
  readonly target: TcpEndpoint;
  readonly idleMs: readonly (number | undefined)[];
}

/** Round trips to the server before the test; without an answer the witnesses show whether the line is down. */
async function reachServer(test: SpeedTest): Promise<Reached | Outcome> {
  const { config, addressOf, guard, clock, signal } = test;
  const { address: host, port } = serverEndpoint(config.server);
  let problem = `no answer from ${host} port ${port}`;
  let target: TcpEndpoint | undefined;
  try {
    const found = { address: await addressOf(host, signal), port };
    target = found;
    const idle = await spacedBurst(IDLE_HANDSHAKES, () => handshakeMs(found, { guard, signal }), {
      clock,
      signal,
    });
    if (idle.received > 0) return { target: found, idleMs: idle.rttsMs };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RefusedTargetError) throw error;
    problem = messageOf(error);
  }
  if (config.witnesses.length > 0 && (await isLineUp(test, target))) {
    return { status: 'failed', reason: `${problem}, but the line works` };
  }
  return { status: 'outage', reason: problem };
}

/** Whether the server or any witness answers now. */
async function isLineUp(test: SpeedTest, target: TcpEndpoint | undefined): Promise<boolean> {
  const { config, addressOf, guard, signal } = test;
  const targets = [...(target === undefined ? [] : [target]), ...config.witnesses];
  const answers = await Promise.allSettled(
    targets.map(async ({ address, port }) =>
      handshakeMs({ address: await addressOf(address, signal), port }, { guard, signal }),
    ),
  );
  signal.throwIfAborted();
  for (const answer of answers) {
    if (answer.status === 'rejected' && answer.reason instanceof RefusedTargetError) throw answer.reason;
  }
  return answers.some((answer) => answer.status === 'fulfilled' && answer.value !== undefined);
}

/** Download, then upload. Their bytes are reserved before, and corrected after. */
async function measureBoth(
  test: SpeedTest,
  { target, idleMs }: Reached,
): Promise<Outcome & { status: 'tested' }> {
  const { config, record, guard, readTrust, clock, signal } = test;
  const { bytesPerTest } = config.budget;
  const endpoint = { server: config.server, ...target, guard, trust: await readTrust() };
  const measure = (direction: TransferPlan['direction'], maxBytes: number): Promise<LoadedTransfer> =>
    load({ direction, endpoint, durationMs: config.durationMs, maxBytes, clock, signal }, target);
  const reservation = record.reserve(bytesPerTest);
  const download = await measure('download', bytesPerTest / 2);
  const upload = download.transfer.isOpened
    ? await measure('upload', bytesPerTest - download.transfer.lineBytes)
    : { transfer: NOT_TRIED, handshakes: [] };
  if (download.transfer.isOpened)
    reservation.recordSpent(download.transfer.lineBytes + upload.transfer.lineBytes);
  else reservation.cancel();
  signal.throwIfAborted();
  return { status: 'tested', idleMs, download, upload };
}

const NOT_TRIED: Transfer = {
  isOpened: false,
  lineBytes: 0,
  own: { bytes: 0, elapsedMs: 0 },
  isCapped: false,
  roundTrips: [],
  progress: [],
  problem: 'not tried',
};

async function load(plan: TransferPlan, target: TcpEndpoint): Promise<LoadedTransfer> {
  const { clock, signal } = plan;
  const { result, handshakes } = await whileLoaded(() => runTransfer(plan), {
    target,
    guard: plan.endpoint.guard,
    clock,
    signal,
  });
  return { transfer: result, handshakes: whileDataFlowed(handshakes, result) };
}
