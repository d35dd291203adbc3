import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem } from '../../api/problem.ts';
import { formatNumber, formatRatio } from '../../language/format.ts';
import { useApp } from '../../parts/app-context.ts';
import { problemFrom, ProblemList } from '../../parts/problem-list.tsx';
import { linesOf, type BacktestResult } from './backtest-lines.ts';
import { BacktestView } from './backtest-view.tsx';

const RANGES = ['-3h', '-24h', '-7d', '-30d'] as const;
const OWN_ID = /^[a-z][a-z0-9_]{0,63}$/;

interface BacktestPanelProps {
  /** The rule that runs under this id is tested beside the draft. */
  readonly id?: string;
  readonly yaml: string;
}

interface Progress {
  readonly of: 'draft' | 'present';
  readonly done: number;
  readonly values: number;
}

interface Found {
  readonly draft: BacktestResult;
  readonly present?: BacktestResult;
}

/** A draft of a rule, and what it would have raised over what is stored, beside the rule that runs. */
export function BacktestPanel({ id, yaml }: BacktestPanelProps) {
  const { texts, client, locale } = useApp();
  const [text, setText] = useState(yaml);
  const [name, setName] = useState(id ?? '');
  const [from, setFrom] = useState<string>('-24h');
  const [progress, setProgress] = useState<Progress | undefined>(undefined);
  const [found, setFound] = useState<Found | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const running = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const ask = async (
    of: Progress['of'],
    body: { readonly id?: string; readonly rule?: string },
    query: Readonly<Record<string, string | number>>,
    signal: AbortSignal,
  ): Promise<BacktestResult> => {
    setProgress({ of, done: 0, values: 0 });
    const response = await client.openWrite('POST /api/v1/rules/backtest', body, { query }, signal);
    if (response.body !== null)
      for await (const line of linesOf(response.body)) {
        if ('result' in line) return line.result;
        if ('error' in line) throw new ApiProblem(500, line.error.code, line.error.detail);
        setProgress({ of, ...line.progress });
      }
    throw new ApiProblem(0, 'NOT_REACHED', texts.rules.brokeOff);
  };
  const run = async (): Promise<void> => {
    const ending = new AbortController();
    running.current = ending;
    setProblem(undefined);
    setFound(undefined);
    try {
      const isNamed = OWN_ID.test(name);
      const draft = await ask('draft', { rule: text, ...(isNamed && { id: name }) }, { from }, ending.signal);
      setFound({ draft });
      if (id !== undefined && text !== yaml) {
        // The very same time: that of the draft may have ended at a limit.
        const query = { from: draft.fromMs, to: draft.toMs };
        setFound({ draft, present: await ask('present', { id }, query, ending.signal) });
      }
    } catch (error) {
      if (!ending.signal.aborted) setProblem(problemFrom(error));
    }
    setProgress(undefined);
  };
  const file = `${OWN_ID.test(name) ? name : 'my_rule'}.yaml`;
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label class="whole">
          {texts.rules.draft}
          <textarea
            class="yaml"
            rows={Math.min(28, text.split('\n').length + 1)}
            spellcheck={false}
            maxLength={16_384}
            required
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <div class="filters">
          {id === undefined && (
            <label>
              {texts.rules.name}
              <input
                value={name}
                maxLength={64}
                pattern={OWN_ID.source}
                placeholder="my_rule"
                onInput={({ currentTarget }) => setName(currentTarget.value)}
              />
            </label>
          )}
          <label>
            {texts.element.range}
            <select value={from} onChange={({ currentTarget }) => setFrom(currentTarget.value)}>
              {RANGES.map((each) => (
                <option key={each} value={each}>
                  {texts.element.ranges[each]}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" class="primary" disabled={progress !== undefined}>
            {texts.rules.run}
          </button>
          {progress !== undefined && (
            <button type="button" onClick={() => running.current?.abort()}>
              {texts.cancel}
            </button>
          )}
          {id !== undefined && text !== yaml && (
            <button type="button" onClick={() => setText(yaml)}>
              {texts.rules.reset}
            </button>
          )}
        </div>
      </form>
      {progress !== undefined && (
        <p role="status">
          {texts.rules.running[progress.of]}{' '}
          <progress max={1} value={progress.done} aria-label={texts.rules.run} />{' '}
          {formatRatio(locale, progress.done)}, {formatNumber(locale, progress.values)} {texts.rules.values}
        </p>
      )}
      {problem !== undefined && <ProblemList problem={problem} />}
      {found !== undefined && <BacktestView {...found} hasPresent={id !== undefined && text !== yaml} />}
      <details>
        <summary>{texts.rules.apply}</summary>
        <p>{texts.rules.applyHelp(file)}</p>
        <a
          class="button"
          download={file}
          href={`data:application/yaml;charset=utf-8,${encodeURIComponent(text)}`}
        >
          {texts.rules.download(file)}
        </a>
      </details>
    </>
  );
}
