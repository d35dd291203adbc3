import type { FieldValue } from '../../../contract/sample.ts';
import { jitterOf } from '../../protocols/ping/quality.ts';
import { lossShare, testedSpeed } from './ndt7/measurement.ts';
import type { Transfer } from './ndt7/transfer.ts';
import type { LineRate } from './link-load.ts';
import { responsiveness, type Probe, type Responsiveness } from './responsiveness.ts';

/** `result_code` of `internet_speed`, and its status. */
export const STATUS_CODES = { ok: 0, outage: 1, failed: 2, partial: 3, busy: 4, budget: 5 } as const;

/** Why there are no figures. */
export interface NotTested {
  readonly status: 'outage' | 'failed' | 'busy' | 'budget';
  readonly reason: string;
}

export interface Tested {
  readonly status: 'tested';
  /** Handshakes before the test, in the order made; undefined for one without an answer. */
  readonly idleMs: readonly (number | undefined)[];
  readonly download: LoadedTransfer;
  readonly upload: LoadedTransfer;
}

export interface LoadedTransfer {
  readonly transfer: Transfer;
  /** On connections of their own, while it ran. */
  readonly handshakes: readonly Probe[];
}

export type Outcome = NotTested | Tested;

type Fields = Record<string, FieldValue>;

const MAX_REASON_CHARS = 200;

/** Fields of `internet_speed`. A value that was not measured is absent, never 0. Pure. */
export function speedFields(outcome: Outcome, contract: LineRate): Fields {
  if (outcome.status !== 'tested') return statusFields(outcome.status, outcome.reason);
  const { download, upload } = outcome;
  const downloadMbps = speedOf('download', download.transfer);
  const uploadMbps = speedOf('upload', upload.transfer);
  const problems = testProblems(outcome);
  const isWhole = downloadMbps !== undefined && uploadMbps !== undefined;
  const isNothing = downloadMbps === undefined && uploadMbps === undefined;
  return {
    ...statusFields(isWhole ? 'ok' : isNothing ? 'failed' : 'partial', problems.join('; ')),
    ...(isNothing ? {} : idleFields(outcome.idleMs)),
    ...(downloadMbps !== undefined &&
      directionFields('download', downloadMbps, download.transfer, contract.downloadMbps)),
    ...(uploadMbps !== undefined &&
      directionFields('upload', uploadMbps, upload.transfer, contract.uploadMbps)),
    ...(isNothing ? {} : loadedFields({ download, upload })),
    ...lossFields(downloadMbps, download.transfer),
  };
}

/** One text a failed direction; empty when both have a figure. Pure. */
export function testProblems({ download, upload }: Pick<Tested, 'download' | 'upload'>): string[] {
  return (['download', 'upload'] as const).flatMap((direction) => {
    const { transfer } = direction === 'download' ? download : upload;
    if (speedOf(direction, transfer) !== undefined) return [];
    return [`${direction}: ${transfer.problem ?? "the server's figures do not fit what was sent"}`];
  });
}

function statusFields(status: keyof typeof STATUS_CODES, reason: string): Fields {
  return {
    status,
    result_code: STATUS_CODES[status],
    ...(reason !== '' && { reason: reason.slice(0, MAX_REASON_CHARS) }),
  };
}

function speedOf(direction: 'download' | 'upload', transfer: Transfer): number | undefined {
  if (transfer.problem !== undefined) return undefined;
  return testedSpeed(direction, transfer.own, transfer.measurement);
}

function directionFields(
  direction: 'download' | 'upload',
  mbps: number,
  { lineBytes, isCapped }: Transfer,
  contractMbps: number,
): Fields {
  return {
    [direction]: mbps,
    [`${direction}_share_pct`]: (100 * mbps) / contractMbps,
    [`contracted_${direction}_mbps`]: contractMbps,
    [`${direction}_bytes`]: lineBytes,
    [`${direction}_capped`]: isCapped,
  };
}

function idleFields(idleMs: readonly (number | undefined)[]): Fields {
  const answered = idleMs.filter((rtt) => rtt !== undefined);
  const jitter = jitterOf(idleMs);
  return {
    ...(answered.length > 0 && { latency: mean(answered) }),
    ...(jitter !== undefined && { jitter }),
  };
}

/** Of the direction in which others wait longer. */
function loadedFields({ download, upload }: Pick<Tested, 'download' | 'upload'>): Fields {
  const worked = [download, upload].filter(({ transfer }) => transfer.problem === undefined);
  const means = worked.flatMap(({ handshakes }) =>
    handshakes.length > 0 ? [mean(handshakes.map(({ rttMs }) => rttMs))] : [],
  );
  const [worst] = worked
    .flatMap((loaded) => responsivenessOf(loaded) ?? [])
    .toSorted((a, b) => a.rpm - b.rpm);
  return {
    ...(means.length > 0 && { rtt_loaded_ms: Math.max(...means) }),
    ...(worst !== undefined && {
      rpm: worst.rpm,
      rpm_confidence: worst.confidence,
      rpm_probes: worst.probes,
    }),
  };
}

function responsivenessOf({ transfer, handshakes }: LoadedTransfer): Responsiveness | undefined {
  const { roundTrips: self, progress, isCapped } = transfer;
  return responsiveness({ foreign: handshakes, self, progress, isCapped });
}

function lossFields(downloadMbps: number | undefined, { measurement }: Transfer): Fields {
  const share = measurement === undefined ? undefined : lossShare(measurement);
  return downloadMbps === undefined || share === undefined ? {} : { packet_loss: 100 * share };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
