import { useEffect, useRef } from 'preact/hooks';
import { ApiProblem } from '../api/problem.ts';
import { wordsOf } from './answer-view.tsx';
import { useApp } from './app-context.ts';
import { ownProblems } from './own-problems.ts';

/** Why central refused, with every line of what is wrong; it comes into view by itself. */
export function ProblemList({ problem }: { readonly problem: ApiProblem }) {
  const { texts } = useApp();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => element.current?.scrollIntoView({ block: 'nearest' }), [problem]);
  const { own, following } = ownProblems(problem.problems);
  return (
    <div ref={element} class="problem" role="alert">
      <b>{wordsOf(problem, texts)}</b>
      <Lines lines={own} />
      {following.length > 0 && (
        <details>
          <summary>{texts.problem.following(following.length)}</summary>
          <Lines lines={following} />
        </details>
      )}
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul class="lines" lang="en">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

export function problemFrom(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem(0, '', String(error));
}
