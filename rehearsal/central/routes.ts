import type { NotifySetup } from '../../central/notify/settings/load-notify.ts';

/** Whoever is woken: what is sent here is a page (docs/alarm-score.md). */
export const PAGER = 'pager';
/** Whoever looks at a list when there is time. */
export const DESK = 'desk';

/** As examples/notify/routes.yaml: grave alerts at any time, and everything to a list. */
export const ROUTES: Omit<NotifySetup, 'channels'> = {
  groupWindow: 10_000,
  parentWindow: 20_000,
  routes: [
    { name: 'grave, at any time', severities: ['major', 'critical'], channels: [PAGER] },
    { name: 'everything', channels: [DESK] },
  ],
};
