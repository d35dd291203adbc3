import type { LiveInventory } from '../inventory/live-inventory.ts';
import type { Part } from '../jobs/part.ts';
import { OnCallCalendars } from './on-call/calendars.ts';
import { unknownNames } from './settings/unknown-names.ts';
import { createNotifier, type Notifier, type NotifierDeps } from './notifier.ts';

export interface NotifyPartDeps extends NotifierDeps {
  readonly inventory: LiveInventory;
  /** False: whether the clock is right is in doubt, and nothing is deleted for its age. */
  readonly isTimeSure: () => boolean;
}

export interface SharedNotify {
  readonly notifications: Notifier;
  readonly onCall: OnCallCalendars;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** Who is told of alerts. */
export function createNotifyPart({ isTimeSure, ...deps }: NotifyPartDeps): Part<SharedNotify> {
  const notifications = createNotifier(deps);
  warnOfUnknownNames(deps);
  return {
    shared: { notifications, onCall: deps.setup?.onCall ?? new OnCallCalendars([], []) },
    jobs: [
      { name: 'notifications', everyMs: SECOND_MS, run: () => notifications.tick() },
      {
        name: 'receipts',
        everyMs: MINUTE_MS,
        run: () => {
          if (isTimeSure()) notifications.deleteOld();
        },
      },
    ],
    end: { name: 'notifications', run: () => notifications.stop() },
  };
}

/** At the start and whenever the inventory changes, each once. */
function warnOfUnknownNames({
  setup,
  inventory,
  log,
}: Pick<NotifyPartDeps, 'setup' | 'inventory' | 'log'>): void {
  if (setup === undefined) return;
  let told: readonly string[] = [];
  const warn = (): void => {
    const found = unknownNames(setup.routes, inventory);
    for (const text of found) if (!told.includes(text)) log.warn(text);
    told = found;
  };
  warn();
  inventory.onChange(warn);
}
