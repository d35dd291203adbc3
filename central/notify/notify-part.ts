import type { Part } from '../jobs/part.ts';
import { OnCallCalendars } from './on-call/calendars.ts';
import { createNotifier, type Notifier, type NotifierDeps } from './notifier.ts';

export interface NotifyPartDeps extends NotifierDeps {
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
