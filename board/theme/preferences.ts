import type { Language } from '../language/format.ts';

export type Theme = 'auto' | 'light' | 'dark';
export const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** What a person chose in this browser. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

const KEY = 'wardwatch.board';

/** As chosen before; else in the browser's language, Vietnamese where that is neither. Pure but for the reading. */
export function readPreferences(
  storage: Pick<Storage, 'getItem'>,
  languages: readonly string[],
): Preferences {
  const language = languages.find((each) => /^(vi|en)\b/.test(each))?.slice(0, 2) === 'en' ? 'en' : 'vi';
  const chosen = parse(readItem(storage));
  return {
    language: chosen.language === 'vi' || chosen.language === 'en' ? chosen.language : language,
    theme: THEMES.find((each) => each === chosen.theme) ?? 'auto',
  };
}

/** A browser that keeps nothing for this page forgets it, and that is all. */
export function writePreferences(storage: Pick<Storage, 'setItem'>, preferences: Preferences): void {
  try {
    storage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // It is full, or forbidden.
  }
}

function readItem(storage: Pick<Storage, 'getItem'>): string | null {
  try {
    return storage.getItem(KEY);
  } catch {
    return null;
  }
}

function parse(text: string | null): { readonly language?: unknown; readonly theme?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
