import type { Text } from '../../contract/catalogue.ts';
import type { RuleBook } from '../rules.ts';

export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a dashboard is built with. */
export interface Context {
  readonly language: Language;
  readonly rules: RuleBook;
}

export function say({ language }: Context, text: Text): string {
  return text[language];
}
