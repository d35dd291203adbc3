import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Span } from '../alerts/life/in-force.ts';
import { MAX_WINDOWS, type MaintenanceWindows } from '../alerts/life/maintenance/maintenance-windows.ts';
import type { MaintenanceWindow } from '../alerts/life/maintenance/window.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { textField } from './state-fields.ts';

export interface MaintenanceRollupDeps {
  readonly maintenance: Pick<MaintenanceWindows, 'list' | 'next' | 'get'>;
  /** What began longer ago cannot be written any more: the store deletes such rows. */
  readonly rawRetentionMs: number;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now'>;
}

const MARGIN_MS = 3_600_000;

/** Writes each time that a maintenance window is open as one point at its begin, and again when it has changed or a person ends it. */
export class MaintenanceRollup {
  readonly #deps: MaintenanceRollupDeps;
  #isFirst = true;
  /** Those that are open, and what was written last of them. */
  #open: ReadonlyMap<string, { readonly span: Span; readonly written: string }> = new Map();

  constructor(deps: MaintenanceRollupDeps) {
    this.#deps = deps;
  }

  /** Each minute. */
  write(): void {
    const { maintenance, own, clock, rawRetentionMs } = this.#deps;
    const nowMs = clock.now();
    const open = new Map<string, { readonly span: Span; readonly written: string }>();
    const samples: Sample[] = this.#isFirst ? this.#endedEarly(nowMs) : [];
    this.#isFirst = false;
    for (const { window } of maintenance.list({ state: 'active', limit: MAX_WINDOWS })) {
      const [span] = maintenance.next(window, 1);
      if (span === undefined) continue;
      const sample = maintenanceSample(window, span);
      const written = JSON.stringify([span.fromMs, sample.fields]);
      open.set(window.id, { span, written });
      if (this.#open.get(window.id)?.written !== written) samples.push(sample);
    }
    for (const [id, { span }] of this.#open) {
      if (open.get(id)?.span.fromMs === span.fromMs) continue;
      const window = maintenance.get(id);
      if (window !== undefined)
        samples.push(maintenanceSample(window, { ...span, toMs: this.#endOf(span, window) }));
    }
    this.#open = open;
    const young = samples.filter(({ timeMs }) => timeMs > nowMs - rawRetentionMs + MARGIN_MS);
    if (young.length > 0) own.write(young);
  }

  /** Where the opening is in its schedule no more, a person has moved it while it was open. */
  #endOf(span: Span, window: MaintenanceWindow): number {
    const [planned] = this.#deps.maintenance.next(window, 1, span.fromMs);
    const end = endOf(span, window);
    return planned?.fromMs === span.fromMs ? end : Math.min(end, window.changedAtMs);
  }

  /** A person may have ended one so shortly before central was killed that its planned end was written last. */
  #endedEarly(nowMs: number): Sample[] {
    const { maintenance, rawRetentionMs } = this.#deps;
    return maintenance.list({ limit: MAX_WINDOWS }).flatMap(({ window }) =>
      earlyEndsOf(window)
        .filter((endMs) => endMs > nowMs - rawRetentionMs)
        .flatMap((endMs) => maintenance.next(window, 1, endMs - 1))
        .map((span) => maintenanceSample(window, span)),
    );
  }
}

/** When a person ended what was open then. */
function earlyEndsOf({ cutAtMs, endedAtMs }: MaintenanceWindow): readonly number[] {
  return [cutAtMs, endedAtMs].filter((ms) => ms !== undefined);
}

/** People may have ended it early; an earlier time may have been cut short as well. */
function endOf({ fromMs, toMs }: Span, window: MaintenanceWindow): number {
  return earlyEndsOf(window).reduce((end, ms) => (ms >= fromMs ? Math.min(end, ms) : end), toMs);
}

/** Pure. */
export function maintenanceSample(
  { id, reason, approvedBy, covers }: MaintenanceWindow,
  { fromMs, toMs }: Span,
): Sample {
  return {
    measurement: 'maintenance',
    tags: { window: id },
    fields: {
      ...textField('reason', reason),
      ...textField('approved_by', approvedBy),
      ...textField('covers', covers.join(' ')),
      ended_at: toMs,
    },
    timeMs: fromMs,
  };
}
