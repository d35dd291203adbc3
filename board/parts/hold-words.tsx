import type { Answers } from '../api/answers.ts';
import { useApp } from './app-context.ts';
import { VIETNAMESE_HOLDS } from './vietnamese-holds.ts';

type Hold = NonNullable<Answers['/api/v1/alerts/{id}/explain']['suppression']['now']>;

/** In these central's words are a person's. */
const BY_PEOPLE: readonly Hold['kind'][] = ['maintenance', 'shelved', 'silenced'];

/** Why nobody is told of an alert, in the reader's language. */
export function HoldWords({ kind, by, reason }: Pick<Hold, 'kind' | 'by' | 'reason'>) {
  const { locale } = useApp();
  if (locale.language === 'en') return <span lang="en">{reason}</span>;
  return (
    <>
      {VIETNAMESE_HOLDS[kind](by)}
      {BY_PEOPLE.includes(kind) && (
        <span class="dim small" lang="en">
          {' '}
          {reason}
        </span>
      )}
    </>
  );
}
