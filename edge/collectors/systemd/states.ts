/** Numbers of the states in Telegraf's `systemd_units`, by the words of systemd's unit tables. */
export const LOAD_CODES = codes(0, 'loaded stub not-found bad-setting error merged masked');
export const ACTIVE_CODES = codes(0, 'active reloading inactive failed activating deactivating');

/** By type of unit; a state that several types share has the number of the first. */
export const SUB_CODES: ReadonlyMap<string, number> = new Map([
  ...codes(0xa0, 'elapsed'),
  ...codes(0x80, 'activating activating-done deactivating deactivating-sigterm deactivating-sigkill'),
  ...codes(0x70, 'start-chown start-post listening stop-pre stop-pre-sigterm stop-pre-sigkill final-sigkill'),
  ...codes(0x60, 'active'),
  ...codes(0x50, 'abandoned'),
  ...codes(
    0x30,
    `mounting mounting-done mounted remounting unmounting remounting-sigterm remounting-sigkill
     unmounting-sigterm unmounting-sigkill`,
  ),
  ...codes(0x20, 'tentative plugged'),
  ...codes(
    0x10,
    `waiting reload-signal reload-notify final-watchdog dead-before-auto-restart failed-before-auto-restart
     dead-resources-pinned auto-restart-queued`,
  ),
  ...codes(
    0,
    `running dead start-pre start exited reload stop stop-watchdog stop-sigterm stop-sigkill stop-post
     final-sigterm failed auto-restart condition cleaning`,
  ),
]);

function codes(first: number, words: string): ReadonlyMap<string, number> {
  return new Map(words.split(/\s+/).map((word, index) => [word, first + index]));
}
