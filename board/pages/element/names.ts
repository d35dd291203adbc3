import type { Answers } from '../../api/answers.ts';
import type { Language } from '../../language/format.ts';

/** What the catalogue says of one field. */
export interface FieldWords {
  readonly meaning: string;
  /** UCUM; '' for codes, flags and texts. */
  readonly unit: string;
  /** UCUM writes what is counted in braces. */
  readonly isCount: boolean;
}

interface Described {
  readonly meaning?: Readonly<Record<Language, string>>;
  readonly unit?: string;
}

interface Measurement extends Described {
  readonly name: string;
  readonly fields: Readonly<Record<string, Described>>;
}

/** Words and unit of a field; its own name where the catalogue is not read yet. Pure. */
export function fieldWords(
  catalogue: Answers['/api/v1/catalogue'] | undefined,
  measurement: string,
  field: string,
  language: Language,
): FieldWords {
  const measurements = (catalogue?.measurements ?? []) as unknown as readonly Measurement[];
  const found = measurements.find(({ name }) => name === measurement)?.fields[field];
  const ucum = found?.unit ?? '';
  const unit = ucum.replace(/[{}]/g, '').replace(/^Cel$/, '°C').replace(/^1$/, '');
  return { meaning: found?.meaning?.[language] ?? field, unit, isCount: /^\{[^{}]*\}$/.test(ucum) };
}
