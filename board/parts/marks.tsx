import type { Texts } from '../language/vi.ts';
import { useApp } from './app-context.ts';

export type ShownState = keyof Texts['states'];
export type Severity = keyof Texts['severities'];

/** What is lost before what nobody can say, that before what has an alert. */
export const WORST_FIRST = [
  'down',
  'unreachable',
  'unknown',
  'degraded',
  'alert',
  'up',
] as const satisfies readonly ShownState[];

/** Each state has a shape of its own besides its colour; in a square of 16. */
export const STATE_SHAPES: Readonly<Record<ShownState, string>> = {
  up: 'M8 2.5a5.5 5.5 0 1 0 .01 0Z',
  alert: 'M8 1.5 15 14H1Z',
  degraded: 'M1 4h14L8 15Z',
  unknown: 'M8 1 15 8 8 15 1 8ZM8 4.2 4.2 8 8 11.8 11.8 8Z',
  unreachable: 'M2 2h12v12H2ZM8 4v8h4V4Z',
  down: 'M2 2h12v12H2ZM5.2 4.1 4.1 5.2 6.9 8l-2.8 2.8 1.1 1.1L8 9.1l2.8 2.8 1.1-1.1L9.1 8l2.8-2.8-1.1-1.1L8 6.9Z',
};

const SEVERITY_SHAPES: Readonly<Record<Severity, string>> = {
  critical: 'M5 1h6l4 4v6l-4 4H5l-4-4V5ZM7 3.5v5.5h2V3.5ZM7 10.5v2h2v-2Z',
  major: 'M8 1.5 15 14H1Z',
  minor: 'M8 1 15 8 8 15 1 8Z',
  warning: 'M8 2a6 6 0 1 0 .01 0ZM8 4.5A3.5 3.5 0 1 1 7.99 4.5Z',
};

/** The shape with its word; without the word where it stands beside already. */
export function StateMark({
  state,
  isSilent = false,
}: {
  readonly state: ShownState;
  readonly isSilent?: boolean;
}) {
  const { texts } = useApp();
  return (
    <span class={`mark state-${state}`}>
      <Shape path={STATE_SHAPES[state]} />
      {!isSilent && <span>{texts.states[state]}</span>}
    </span>
  );
}

export function SeverityMark({
  severity,
  isSilent = false,
}: {
  readonly severity: Severity;
  readonly isSilent?: boolean;
}) {
  const { texts } = useApp();
  return (
    <span class={`mark severity-${severity}`} title={isSilent ? texts.severities[severity] : undefined}>
      <Shape path={SEVERITY_SHAPES[severity]} />
      {isSilent ? (
        <span class="hidden">{texts.severities[severity]}</span>
      ) : (
        <span>{texts.severities[severity]}</span>
      )}
    </span>
  );
}

function Shape({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 16 16" class="shape" aria-hidden="true">
      <path d={path} fill-rule="evenodd" />
    </svg>
  );
}
