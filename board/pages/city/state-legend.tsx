import { useApp } from '../../parts/app-context.ts';
import { StateMark, WORST_FIRST, type ShownState } from '../../parts/marks.tsx';

interface StateLegendProps {
  readonly units: readonly { readonly state: ShownState }[];
}

/** What the colours of the map mean, and how many units have each. */
export function StateLegend({ units }: StateLegendProps) {
  const { texts } = useApp();
  const countOf = (wanted: ShownState): number => units.filter(({ state }) => state === wanted).length;
  return (
    <ul class="legend" aria-label={texts.city.legend}>
      {WORST_FIRST.filter((state) => state !== 'degraded').map((state) => (
        <li key={state}>
          <StateMark state={state} /> <b>{countOf(state)}</b>
        </li>
      ))}
    </ul>
  );
}
