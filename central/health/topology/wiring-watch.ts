import type { Device, Link } from '../../../contract/inventory.ts';
import { locationFrom, type Location } from '../../samples/location.ts';
import { judgeWiring, type MeasuredWiring } from './judge-wiring.ts';

/** How a link is, compared with what the inventory says. */
export interface WiringStanding {
  readonly link: string;
  /** `redeclared`: it differed, and its entry was changed or removed since; nothing is known yet of what is declared now. */
  readonly state: 'agrees' | 'differs' | 'redeclared';
  readonly sinceMs: number;
  /** In words; empty where it agrees. */
  readonly detail: string;
  /** Who measured it. */
  readonly agent: string;
  /** Of its first end. */
  readonly location: Location;
}

/** For so long it is told that a link was declared otherwise, so that its alert ends. */
const REDECLARED_MS = 3_600_000;

/** Which declared links are as measured, and which are not, since when. Links that nobody can judge are not there. */
export class WiringWatch {
  readonly #standings = new Map<string, WiringStanding>();

  standings(): Iterable<WiringStanding> {
    return this.#standings.values();
  }

  /** `links`: all that are in service. */
  judge(
    links: readonly Link[],
    wiring: MeasuredWiring,
    devices: ReadonlyMap<string, Device>,
    nowMs: number,
  ): void {
    const judged = new Set<string>();
    for (const link of links) {
      const verdict = judgeWiring(link, wiring);
      if (verdict === undefined) continue;
      judged.add(link.id);
      const state = verdict.agrees ? 'agrees' : 'differs';
      const before = this.#standings.get(link.id);
      const [{ site, device = '' }] = link.ends;
      this.#standings.set(link.id, {
        link: link.id,
        state,
        sinceMs: before?.state === state ? before.sinceMs : nowMs,
        detail: verdict.agrees ? '' : verdict.detail,
        agent: verdict.agrees ? (before?.agent ?? '') : verdict.agent,
        location: locationFrom(devices.get(device)?.unit, site),
      });
    }
    for (const { link, state, sinceMs } of this.#standings.values()) {
      // Without evidence nothing is said of it.
      const isOver = state === 'redeclared' ? nowMs - sinceMs > REDECLARED_MS : !judged.has(link);
      if (isOver) this.#standings.delete(link);
    }
  }

  /** Their entries were changed or removed. */
  redeclare(links: readonly string[], nowMs: number): void {
    for (const link of links) {
      const known = this.#standings.get(link);
      if (known?.state !== 'differs') continue;
      const detail = 'the inventory has it otherwise now';
      this.#standings.set(link, { ...known, state: 'redeclared', sinceMs: nowMs, detail });
    }
  }
}
