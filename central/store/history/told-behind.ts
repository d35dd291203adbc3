import type { Logger } from '../../../runtime/logger.ts';
import type { OnBehind } from './history-keeper.ts';

/** Once when a measurement falls behind and once when it has caught up. */
export function toldBehind(log: Logger): OnBehind {
  return (measurement, error) => {
    if (error === undefined) log.info({ measurement }, 'the samples of a measurement are rolled up again');
    else
      log.error(
        { measurement, err: error },
        'the samples of one measurement cannot be rolled up, and are kept until they are; the others go on',
      );
  };
}
