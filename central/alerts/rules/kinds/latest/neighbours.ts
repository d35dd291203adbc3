import type { Member } from './members.ts';
import type { Reading } from './reading.ts';

/** A source went on for so long without a member that is silent: it no longer has it. */
const MISSED_MS = 600_000;
const SOURCE_TAGS = ['agent', 'device', 'host', 'site'] as const;

/**
 * Tells members that their source no longer has, such as a pool that was renamed, from those of which nobody can say: as in
 * engine/gone-series.ts, by what the same agent goes on to say of the same device, machine and site.
 */
export class Neighbours {
  readonly #newestMs = new Map<string, number>();
  readonly #sources = new Map<Member<unknown>, string>();

  /** Each reading of the measurement. */
  see(reading: Reading): void {
    const source = sourceOf(reading);
    const { measuredAtMs } = reading;
    if (!(measuredAtMs <= (this.#newestMs.get(source) ?? -Infinity)))
      this.#newestMs.set(source, measuredAtMs);
  }

  /** `member`: what Members made of the reading. */
  place(member: Member<unknown> | undefined, reading: Reading): void {
    if (member === undefined || member.isFresh) return;
    // Its best row: where that came from.
    if (member.agent === reading.agent && member.measuredAtMs === reading.measuredAtMs)
      this.#sources.set(member, sourceOf(reading));
  }

  /** Once all readings were seen. */
  isGone(member: Member<unknown>): boolean {
    const source = this.#sources.get(member);
    if (member.isFresh || source === undefined) return false;
    return (this.#newestMs.get(source) ?? -Infinity) - member.measuredAtMs >= MISSED_MS;
  }
}

function sourceOf(reading: Reading): string {
  return SOURCE_TAGS.map((tag) => reading.tag(tag) ?? '').join('\u001f');
}
