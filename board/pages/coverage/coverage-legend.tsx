import { useApp } from '../../parts/app-context.ts';

interface CoverageLegendProps {
  readonly classes: readonly { readonly name: string; readonly words: string }[];
  /** The map outlines holes. */
  readonly hasHoles?: boolean;
}

export function CoverageLegend({ classes, hasHoles = false }: CoverageLegendProps) {
  const { texts } = useApp();
  return (
    <ul class="legend" aria-label={texts.city.legend}>
      {classes.map(({ name, words }) => (
        <li key={name}>
          <span class={`swatch ${name}`} /> {words}
        </li>
      ))}
      <li>
        <span class="swatch coverage-none" /> {texts.city.insufficient}
      </li>
      {hasHoles && (
        <li>
          <span class="swatch hole" /> {texts.coverage.hole}
        </li>
      )}
    </ul>
  );
}
