import { useRef, useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/problem.ts';
import { useApp } from '../../parts/app-context.ts';
import { Field, type FieldMarks } from '../../parts/field.tsx';
import { problemFrom, ProblemList } from '../../parts/problem-list.tsx';
import {
  askedFrom,
  createdFrom,
  EMPTY_FORM,
  formProblems,
  WHAT_WAYS,
  WHO_WAYS,
  type Asked,
  type FormProblem,
  type RolloutForm,
} from './rollout-form.ts';
import { RolloutPreview, type Preview } from './rollout-preview.tsx';
import { SettingsFields } from './settings-fields.tsx';

const NO_PROBLEMS: ReadonlyMap<string, FormProblem> = new Map();

/** Asks for agents and change, shows what it would do, and begins only then. */
export function NewRollout({ onClose }: { readonly onClose: () => void }) {
  const { texts, client, router } = useApp();
  const [form, setForm] = useState<RolloutForm>(EMPTY_FORM);
  const [previewed, setPreviewed] = useState<
    { readonly asked: Asked; readonly preview: Preview } | undefined
  >(undefined);
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [refused, setRefused] = useState<ApiProblem | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const change = (part: Partial<RolloutForm>): void => {
    const next = { ...form, ...part };
    setForm(next);
    setPreviewed(undefined);
    // Nobody is told of what they did not come to yet; once told, it goes as it is mended.
    if (problems.size > 0) setProblems(formProblems(next));
  };
  const problemOf = (field: string): string | undefined => {
    const problem = problems.get(field);
    return problem === undefined ? undefined : texts.rollouts.problems[problem];
  };
  const trying = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setRefused(undefined);
    await work().catch((error: unknown) => setRefused(problemFrom(error)));
    setBusy(false);
  };
  const preview = async (): Promise<void> => {
    const found = formProblems(form);
    setProblems(found);
    if (found.size > 0) {
      // Once the page has drawn them.
      requestAnimationFrame(() => element.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus());
      return;
    }
    const asked = askedFrom(form);
    const answer = (await client.write('POST /api/v1/rollout-previews', asked)) as Preview;
    setPreviewed({ asked, preview: answer });
  };
  const start = async (asked: Asked): Promise<void> => {
    const { id } = (await client.write('POST /api/v1/rollouts', createdFrom(asked, form))) as {
      readonly id: number;
    };
    router.go({ page: 'rollout', id: String(id) });
  };
  const input = (name: 'names' | 'reason' | 'watchMinutes' | 'sharePercent', maxLength: number) =>
    function Input(marks: FieldMarks) {
      return (
        <input
          {...marks}
          maxLength={maxLength}
          inputMode={name === 'watchMinutes' || name === 'sharePercent' ? 'decimal' : 'text'}
          value={form[name]}
          onInput={({ currentTarget }) => change({ [name]: currentTarget.value })}
        />
      );
    };
  return (
    <section class="panel">
      <h2>{texts.rollouts.create}</h2>
      <form
        noValidate
        ref={element}
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
            <Field label={texts.rollouts.whoHint} problem={problemOf('names')}>
              {input('names', 20_000)}
            </Field>
          )}
          <Choice
            label={texts.rollouts.what}
            value={form.what}
            names={texts.rollouts.whatWays}
            of={WHAT_WAYS}
            onChange={(what) => change({ what })}
          />
        </div>
        {form.what === 'settings' ? (
          <SettingsFields
            form={form.settings}
            problemOf={problemOf}
            onChange={(settings) => change({ settings })}
          />
        ) : (
          <Field label={texts.rollouts.whatHint} problem={problemOf('text')}>
            {(marks) => (
              <textarea
                {...marks}
                class="code wide"
                rows={8}
                maxLength={32_768}
                spellcheck={false}
                value={form.text}
                onInput={({ currentTarget }) => change({ text: currentTarget.value })}
              />
            )}
          </Field>
        )}
        <div class="filters">
          <Field label={texts.rollouts.reason} problem={problemOf('reason')}>
            {input('reason', 500)}
          </Field>
          <Field label={texts.rollouts.watch} problem={problemOf('watchMinutes')}>
            {input('watchMinutes', 8)}
          </Field>
          <Field label={texts.rollouts.share} problem={problemOf('sharePercent')}>
            {input('sharePercent', 8)}
          </Field>
          <Choice
            label={texts.rollouts.onStop}
            value={form.onStop}
            names={texts.rollouts.onStops}
            of={['hold', 'roll_back'] as const}
            onChange={(onStop) => change({ onStop })}
          />
        </div>
        {refused !== undefined && <ProblemList problem={refused} />}
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
