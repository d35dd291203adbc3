import { useApp } from '../../parts/app-context.ts';
import type { FormField } from './form-fields.ts';

interface EntryInputProps {
  readonly field: FormField;
  readonly value: string;
  /** An id is not changed: that would be another entry. */
  readonly isFixed: boolean;
  readonly onWrite: (value: string) => void;
}

/** One field; what it is called in files stands beside its words. */
export function EntryInput({ field, value, isFixed, onWrite }: EntryInputProps) {
  const { texts } = useApp();
  const { name, input, isRequired, choices } = field;
  const words = (texts.inventory.fields as Readonly<Record<string, string>>)[name];
  const write = ({ currentTarget }: { readonly currentTarget: { readonly value: string } }): void =>
    onWrite(currentTarget.value);
  const shared = { value, required: isRequired };
  return (
    <label class={input === 'json' || input === 'long-text' ? 'whole' : ''}>
      <span>
        {words ?? name} {words !== undefined && <code class="dim">{name}</code>}
        {isRequired && <span aria-hidden="true"> *</span>}
        {input === 'list' && <small class="dim"> {texts.inventory.listHelp}</small>}
        {input === 'json' && <small class="dim"> JSON</small>}
      </span>
      {input === 'choice' ? (
        <select {...shared} onChange={write}>
          {(!isRequired || value === '') && <option value="" />}
          {choices.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>
      ) : input === 'json' || input === 'long-text' ? (
        <textarea {...shared} rows={input === 'json' ? 3 : 2} spellcheck={false} onInput={write} />
      ) : input === 'day' ? (
        <input {...shared} type="date" onInput={write} />
      ) : (
        <input
          {...shared}
          readOnly={isFixed}
          inputMode={input === 'number' ? 'decimal' : 'text'}
          onInput={write}
        />
      )}
    </label>
  );
}
