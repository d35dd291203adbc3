/** Some devices report this for "not known". */
const SENTINEL = 0xffff;

export interface BatteryState {
  /** undefined: not known, as when there is no output. */
  readonly onBattery: boolean | undefined;
  readonly isBatteryLow: boolean;
}

export interface KnownRuntime {
  /** In the unit of what was reported; undefined: not known. */
  readonly runtime: number | undefined;
  /** For the next reading: whether this UPS reports a runtime that counts. */
  readonly counts: boolean;
}

/**
 * The runtime that a UPS reports, in whatever unit, if it means one. Many report 0 at full charge on mains (RFC 1628,
 * upsEstimatedMinutesRemaining, has no 0) or 65535: a 0 counts after a figure was seen, or when the battery is low. Pure.
 */
export function knownRuntime(
  reported: number | undefined,
  { onBattery, isBatteryLow }: BatteryState,
  countedBefore: boolean,
): KnownRuntime {
  if (reported === undefined || reported < 0 || reported === SENTINEL) {
    return { runtime: undefined, counts: countedBefore };
  }
  if (reported > 0) return { runtime: reported, counts: true };
  // On mains it is not empty: this device has no figure there, and the first one on battery may be the same 0.
  const counts = countedBefore && onBattery !== false;
  return { runtime: counts || isBatteryLow ? 0 : undefined, counts };
}
