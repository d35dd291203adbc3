import { useApp } from '../../parts/app-context.ts';
import { Field } from '../../parts/field.tsx';
import {
  COLLECTOR_KINDS,
  LOG_LEVELS,
  NEW_ROW,
  type CollectorRow,
  type SettingsForm,
} from './rollout-settings.ts';

interface SettingsFieldsProps {
  readonly form: SettingsForm;
  /** Of a field, such as `0.intervalS`, in words. */
  readonly problemOf: (field: string) => string | undefined;
  readonly onChange: (form: SettingsForm) => void;
}

/** How often collectors measure, which of them go, and how much agents log. */
export function SettingsFields({ form, problemOf, onChange }: SettingsFieldsProps) {
  const { texts } = useApp();
  const { logLevel, collectors } = form;
  const setRows = (rows: readonly CollectorRow[]): void => onChange({ ...form, collectors: rows });
  return (
    <>
      {collectors.map((row, at) => (
        <CollectorFields
          key={at}
          row={row}
          problemOf={(field) => problemOf(`${at}.${field}`)}
          onChange={(part) => setRows(collectors.map((each, i) => (i === at ? { ...each, ...part } : each)))}
          onRemove={() => setRows(collectors.filter((_each, i) => i !== at))}
        />
      ))}
      <div class="filters">
        <button type="button" onClick={() => setRows([...collectors, NEW_ROW])}>
          {texts.rollouts.addCollector}
        </button>
        <Field label={texts.rollouts.logLevel} problem={problemOf('settings')}>
          {(marks) => (
            <select
              {...marks}
              value={logLevel}
              onChange={({ currentTarget }) =>
                onChange({ ...form, logLevel: LOG_LEVELS.find((each) => each === currentTarget.value) ?? '' })
              }
            >
              <option value="">{texts.rollouts.asItIs}</option>
              {LOG_LEVELS.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </>
  );
}

interface CollectorFieldsProps {
  readonly row: CollectorRow;
  readonly problemOf: (field: keyof CollectorRow) => string | undefined;
  readonly onChange: (part: Partial<CollectorRow>) => void;
  readonly onRemove: () => void;
}

function CollectorFields({ row, problemOf, onChange, onRemove }: CollectorFieldsProps) {
  const { texts } = useApp();
  return (
    <fieldset class="filters row">
      <legend class="hidden">
        {texts.rollouts.collector} {row.kind}
      </legend>
      <Field label={texts.rollouts.collector}>
        {() => (
          <select
            value={row.kind}
            onChange={({ currentTarget }) =>
              onChange({ kind: COLLECTOR_KINDS.find((each) => each === currentTarget.value) ?? row.kind })
            }
          >
            {COLLECTOR_KINDS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={texts.rollouts.collectorName} problem={problemOf('name')}>
        {(marks) => (
          <input
            {...marks}
            maxLength={64}
            value={row.name}
            placeholder={row.kind}
            onInput={({ currentTarget }) => onChange({ name: currentTarget.value })}
          />
        )}
      </Field>
      <Field label={texts.rollouts.does}>
        {() => (
          <select
            value={row.does}
            onChange={({ currentTarget }) =>
              onChange({ does: currentTarget.value === 'remove' ? 'remove' : 'change' })
            }
          >
            {(['change', 'remove'] as const).map((each) => (
              <option key={each} value={each}>
                {texts.rollouts.doings[each]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {row.does === 'change' &&
        (['intervalS', 'timeoutS'] as const).map((field) => (
          <Field key={field} label={texts.rollouts.seconds[field]} problem={problemOf(field)}>
            {(marks) => (
              <input
                {...marks}
                class="short"
                inputMode="decimal"
                maxLength={8}
                value={row[field]}
                placeholder={texts.rollouts.asItIs}
                onInput={({ currentTarget }) => onChange({ [field]: currentTarget.value })}
              />
            )}
          </Field>
        ))}
      <button type="button" class="quiet" onClick={onRemove}>
        {texts.rollouts.dropRow}
      </button>
    </fieldset>
  );
}
