import type { ComponentChildren } from 'preact';
import type { ApiProblem } from '../api/problem.ts';
import type { Shown } from '../api/resource.ts';
import { formatDuration } from '../language/format.ts';
import type { Texts } from '../language/vi.ts';
import { useApp, useNow } from './app-context.ts';

interface AnswerViewProps<T> {
  readonly shown: Shown<T> & { readonly refresh: () => void };
  readonly children: (value: T) => ComponentChildren;
}

/** What an answer says; before it comes that it is read, and above an older one why there is no newer. */
export function AnswerView<T>({ shown, children }: AnswerViewProps<T>) {
  const { texts } = useApp();
  const { value, problem, loadedAtMs, refresh } = shown;
  if (value !== undefined)
    return (
      <>
        {problem !== undefined && <ProblemNote problem={problem} loadedAtMs={loadedAtMs} refresh={refresh} />}
        {children(value)}
      </>
    );
  if (problem !== undefined) return <ProblemNote problem={problem} refresh={refresh} />;
  return (
    <p class="loading" role="status">
      {texts.loading}
    </p>
  );
}

interface ProblemNoteProps {
  readonly problem: ApiProblem;
  readonly loadedAtMs?: number | undefined;
  readonly refresh: () => void;
}

function ProblemNote({ problem, loadedAtMs, refresh }: ProblemNoteProps) {
  const { texts, locale } = useApp();
  const nowMs = useNow();
  // Nothing is wrong, and trying again is no use.
  if (problem.status === 403) return <p class="dim">{wordsOf(problem, texts)}</p>;
  return (
    <div class="problem" role="alert">
      <b>{texts.problem.title}.</b> {wordsOf(problem, texts)}{' '}
      {loadedAtMs !== undefined && texts.problem.stillOld(formatDuration(locale, nowMs - loadedAtMs))}{' '}
      <button type="button" onClick={refresh}>
        {texts.retry}
      </button>
    </div>
  );
}

/** In the reader's language where the status says enough, else in central's words. Pure. */
export function wordsOf({ status, message }: ApiProblem, texts: Texts): string {
  if (status === 0) return texts.problem.notReached;
  if (status === 403) return `${texts.problem.forbidden} (${message})`;
  if (status === 404) return texts.problem.notFound;
  if (status === 429 || status === 503) return `${texts.problem.busy} (${message})`;
  return message;
}
