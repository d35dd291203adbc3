import { lookup } from 'node:dns/promises';
import { untilAborted } from './until-aborted.ts';

/** One address of a host. */
export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** All addresses of a host, the preferred one first. Rejects when it has none. */
export type LookUp = (host: string, signal: AbortSignal) => Promise<readonly Address[]>;

/** The system's own lookup, in the order of RFC 6724. It cannot be stopped: an abort only ends the wait. */
export const lookUpWithSystem: LookUp = async (host, signal) => {
  const found = await untilAborted(lookup(host, { all: true }), signal);
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** Families take turns, beginning with that of the first address (RFC 8305, section 4). Pure. */
export function alternateFamilies(addresses: readonly Address[]): readonly Address[] {
  const [preferred, other] = [true, false].map((isPreferred) =>
    addresses.filter(({ family }) => (family === addresses[0]?.family) === isPreferred),
  );
  return addresses.flatMap((_unused, turn) =>
    [preferred?.[turn], other?.[turn]].filter((address) => address !== undefined),
  );
}
