import type { Logger } from '../../../runtime/logger.ts';
import type { HoldDeps } from './hold.ts';

/** A fault in what suppresses alerts must never keep people from hearing of one. Logged once, not each second. */
export function tellingRatherThanFailing(deps: HoldDeps, log: Logger): HoldDeps {
  let isReported = false;
  const trying = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (err) {
      if (!isReported)
        log.error({ err }, 'whether an alert is suppressed could not be found out; such alerts are told');
      isReported = true;
      return otherwise;
    }
  };
  return {
    suppressor: {
      suppressionOf: (alert, nowMs) => trying(() => deps.suppressor.suppressionOf(alert, nowMs), undefined),
    },
    mayHaveParent: (alert, nowMs) => trying(() => deps.mayHaveParent(alert, nowMs), false),
    parentWindowMs: deps.parentWindowMs,
  };
}
