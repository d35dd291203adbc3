import { useApp } from '../../parts/app-context.ts';
import { partsOf, type MatchPart, type SilenceMatch } from './silence-match.ts';

/** What a silence takes, in words. */
export function MatchWords({ match }: { readonly match: SilenceMatch }) {
  const { texts } = useApp();
  const parts = partsOf(match);
  const nameOf = (part: MatchPart): string =>
    part === 'rule' ? texts.alerts.rule : part === 'severity' ? texts.incidents.severity : texts.kinds[part];
  if (parts.length === 0) return <b>{texts.actions.everything}</b>;
  return (
    <>
      {parts.map(([part, values], at) => (
        <span key={part}>
          {at > 0 && ' · '}
          {nameOf(part)} <code>{values.join(', ')}</code>
        </span>
      ))}
    </>
  );
}
