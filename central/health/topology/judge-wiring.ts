import type { Link } from '../../../contract/inventory.ts';
import type { DeviceIndex } from './device-index.ts';
import type { Neighbour } from './evidence.ts';
import { describe } from './proposal.ts';

/** Lines whose two ends see each other. With others something in between speaks LLDP, or nothing does. */
const DIRECT: readonly Link['kind'][] = ['fibre', 'copper', 'other'];

export type WiringVerdict =
  | { readonly agrees: true }
  | {
      readonly agrees: false;
      /** What is seen instead, in words. */
      readonly detail: string;
      /** The agent that measured it. */
      readonly agent: string;
    };

export interface MeasuredWiring {
  readonly index: Pick<DeviceIndex, 'find' | 'isRecognised'>;
  /** What each device sees, at all its ports. */
  readonly seenBy: ReadonlyMap<string, readonly Neighbour[]>;
  /** Whether the inventory connects two devices, by a link or as parent. */
  readonly isDeclared: (device: string, other: string) => boolean;
}

/** A device at one end of a link, and the one that is declared for the other end. */
interface Side {
  readonly device: string;
  readonly port: string | undefined;
  readonly far: string;
}

/** Those at the two ends, of a line of which each can tell that it sees the other; undefined: nobody can ever judge it. Pure. */
export function wiredDevices({ kind, ends: [a, b] }: Link): readonly [string, string] | undefined {
  if (!DIRECT.includes(kind) || a.device === undefined || b.device === undefined) return undefined;
  return a.device === b.device ? undefined : [a.device, b.device];
}

/**
 * Whether a declared link is as measured; undefined: nobody can say. It differs where the declared port of an end sees another device
 * than the declared one, and, without declared ports, where both ends see devices of the inventory that are declared nowhere, and not each other. One end that
 * sees the other is enough to agree. A port that sees nobody says nothing. Pure.
 */
export function judgeWiring(link: Link, wiring: MeasuredWiring): WiringVerdict | undefined {
  const devices = wiredDevices(link);
  if (devices === undefined) return undefined;
  const [a, b] = link.ends;
  const sides: readonly Side[] = [
    { device: devices[0], port: a.interface, far: devices[1] },
    { device: devices[1], port: b.interface, far: devices[0] },
  ];
  if (sides.some((side) => seen(side, wiring).some((neighbour) => wiring.index.find(neighbour) === side.far)))
    return { agrees: true };
  const differing = sides.flatMap((side) => otherAtPort(side, wiring) ?? []);
  if (differing.length > 0) return differs(differing);
  if (a.interface !== undefined || b.interface !== undefined) return undefined;
  const others = sides.map((side) => undeclaredOther(side, wiring)).filter((other) => other !== undefined);
  return others.length === sides.length ? differs(others) : undefined;
}

function seen({ device, port }: Side, { seenBy }: MeasuredWiring): readonly Neighbour[] {
  const all = seenBy.get(device) ?? [];
  return port === undefined ? all : all.filter((neighbour) => neighbour.interface === port);
}

/** Who is at the declared port instead. */
function otherAtPort(side: Side, wiring: MeasuredWiring): Neighbour | undefined {
  if (side.port === undefined) return undefined;
  const { index } = wiring;
  // Of several at one port only the first is known. A stranger may be the declared device, unless that is known by its chassis.
  return seen(side, wiring).find(
    (neighbour) =>
      neighbour.count === 1 && (index.find(neighbour) !== undefined || index.isRecognised(side.far)),
  );
}

function undeclaredOther(side: Side, wiring: MeasuredWiring): Neighbour | undefined {
  if (!wiring.index.isRecognised(side.far)) return undefined;
  return seen(side, wiring).find((neighbour) => {
    const other = wiring.index.find(neighbour);
    return other !== undefined && !wiring.isDeclared(side.device, other);
  });
}

function differs(others: readonly Neighbour[]): WiringVerdict {
  const detail = others
    .map((other) => `${other.device} port ${other.interface} sees ${describe(other)}`)
    .join('; ');
  return { agrees: false, detail, agent: others[0]?.agent ?? '' };
}
