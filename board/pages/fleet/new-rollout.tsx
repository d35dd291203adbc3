import { useState } from 'preact/hooks';
import { ApiProblem } from '../../api/problem.ts';
import { wordsOf } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import {
  askedFrom,
  createdFrom,
  EMPTY_FORM,
  WHAT_WAYS,
  WHO_WAYS,
  type Asked,
  type RolloutForm,
} from './rollout-form.ts';
import { RolloutPreview, type Preview } from './rollout-preview.tsx';

/** Asks for agents and change, shows what it would do, and begins only then. */
export function NewRollout({ onClose }: { readonly onClose: () => void }) {
  const { texts, client, router } = useApp();
  const [form, setForm] = useState<RolloutForm>(EMPTY_FORM);
  const [previewed, setPreviewed] = useState<
    { readonly asked: Asked; readonly preview: Preview } | undefined
  >(undefined);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<RolloutForm>): void => {
    setForm((before) => ({ ...before, ...part }));
    setPreviewed(undefined);
  };
  const trying = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem('');
    await work().catch((error: unknown) =>
      setProblem(error instanceof ApiProblem ? wordsOf(error, texts) : String(error)),
    );
    setBusy(false);
  };
  const preview = async (): Promise<void> => {
    const asked = askedFrom(form);
    if (asked === undefined) {
      setProblem(texts.rollouts.badJson);
      return;
    }
    const answer = (await client.write('POST /api/v1/rollout-previews', asked)) as Preview;
    setPreviewed({ asked, preview: answer });
  };
  const start = async (asked: Asked): Promise<void> => {
    const { id } = (await client.write('POST /api/v1/rollouts', createdFrom(asked, form))) as {
      readonly id: number;
    };
    router.go({ page: 'rollout', id: String(id) });
  };
  return (
    <section class="panel">
      <h2>{texts.rollouts.create}</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void trying(previewed === undefined ? preview : () => start(previewed.asked));
        }}
      >
        <div class="filters">
          <Choice
            label={texts.rollouts.who}
            value={form.who}
            names={texts.rollouts.whoWays}
            of={WHO_WAYS}
            onChange={(who) => change({ who })}
          />
          {form.who !== 'all' && (
            <label>
              {texts.rollouts.whoHint}
              <input
                required
                maxLength={20_000}
                value={form.names}
                onInput={({ currentTarget }) => change({ names: currentTarget.value })}
              />
            </label>
          )}
          <Choice
            label={texts.rollouts.what}
            value={form.what}
            names={texts.rollouts.whatWays}
            of={WHAT_WAYS}
            onChange={(what) => change({ what })}
          />
        </div>
        <label class="block">
          {texts.rollouts.whatHint}
          <textarea
            class="code wide"
            rows={8}
            maxLength={32_768}
            spellcheck={false}
            value={form.text}
            onInput={({ currentTarget }) => change({ text: currentTarget.value })}
          />
        </label>
        <div class="filters">
          <label>
            {texts.rollouts.reason}
            <input
              required
              maxLength={500}
              value={form.reason}
              onInput={({ currentTarget }) => change({ reason: currentTarget.value })}
            />
          </label>
          <label>
            {texts.rollouts.watch}
            <input
              type="number"
              min={0.1}
              max={1_440}
              step="any"
              required
              value={form.watchMinutes}
              onInput={({ currentTarget }) => change({ watchMinutes: currentTarget.value })}
            />
          </label>
          <label>
            {texts.rollouts.share}
            <input
              type="number"
              min={0}
              max={100}
              required
              value={form.sharePercent}
              onInput={({ currentTarget }) => change({ sharePercent: currentTarget.value })}
            />
          </label>
          <Choice
            label={texts.rollouts.onStop}
            value={form.onStop}
            names={texts.rollouts.onStops}
            of={['hold', 'roll_back'] as const}
            onChange={(onStop) => change({ onStop })}
          />
        </div>
        <div role="alert">{problem !== '' && <p class="problem">{problem}</p>}</div>
        {previewed !== undefined && <RolloutPreview preview={previewed.preview} />}
        <div class="actions">
          {previewed === undefined ? (
            <button type="submit" class="primary" disabled={isBusy}>
              {texts.rollouts.preview}
            </button>
          ) : (
            <button type="submit" class="primary" disabled={isBusy || !mayStart(previewed.preview)}>
              {texts.rollouts.start}
            </button>
          )}
          <button type="button" onClick={onClose}>
            {texts.cancel}
          </button>
        </div>
      </form>
    </section>
  );
}

/** Pure. */
function mayStart({ agents, groups }: Preview): boolean {
  return agents > 0 && groups.every(({ problems }) => problems.length === 0);
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly of: readonly T[];
  readonly names: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, value, of, names, onChange }: ChoiceProps<T>) {
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value as T)}>
        {of.map((each) => (
          <option key={each} value={each}>
            {names[each]}
          </option>
        ))}
      </select>
    </label>
  );
}
