import { formatNumber } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { Ref } from '../../parts/where.tsx';
import type { Hole } from './coverage-holes.ts';

const SHOWN = 12;

/** Where, whose, which technology, and of how many samples it is known; nothing where there is no hole. */
export function HoleList({ holes }: { readonly holes: readonly Hole[] }) {
  const { texts, locale } = useApp();
  if (holes.length === 0) return null;
  return (
    <>
      <h3>{texts.coverage.holes(holes.length)}</h3>
      <ul class="rows">
        {holes.slice(0, SHOWN).map(({ unit, name, operator, rat, samples }) => (
          <li key={`${unit} ${operator ?? ''} ${rat ?? ''}`}>
            <span>
              <Ref of={`unit:${unit}`} name={name} /> · {operator ?? texts.coverage.noNetwork}
              {rat !== undefined && ` · ${rat}`}
            </span>
            <span class="dim small">{texts.coverage.holeOf(formatNumber(locale, samples))}</span>
          </li>
        ))}
      </ul>
      {holes.length > SHOWN && <p class="dim small">{texts.more(holes.length - SHOWN)}</p>}
    </>
  );
}
