/** A path into a message: JSON Pointer (RFC 6901), where one `*` may match any key, which becomes the tag `sensor`. */
export interface Pointer {
  readonly tokens: readonly string[];
}

const MAX_TOKENS = 12;
/** Keys that one `*` matches at most. */
const MAX_BRANCHES = 32;
export const ANY_KEY = '*';

/** undefined: not a pointer, or more than one `*`. Pure. */
export function parsePointer(text: string): Pointer | undefined {
  if (text === '') return { tokens: [] };
  if (!text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  const tokens = text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (tokens.length > MAX_TOKENS || tokens.filter((token) => token === ANY_KEY).length > 1) return undefined;
  return { tokens };
}

export interface Found {
  readonly value: unknown;
  /** The key that `*` matched. */
  readonly key: string | undefined;
}

/** The values at the path; own keys only. Pure. */
export function follow({ tokens }: Pointer, message: unknown): readonly Found[] {
  let places: Found[] = [{ value: message, key: undefined }];
  for (const token of tokens) {
    places = places.flatMap(({ value, key }) =>
      token === ANY_KEY
        ? entriesOf(value)
        : childOf(value, token).map((child): Found => ({ value: child, key })),
    );
  }
  return places;
}

function childOf(value: unknown, token: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value) && !/^(0|[1-9]\d{0,4})$/.test(token)) return [];
  return Object.hasOwn(value, token) ? [(value as Record<string, unknown>)[token]] : [];
}

function entriesOf(value: unknown): Found[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value)
    .slice(0, MAX_BRANCHES)
    .map(([key, child]) => ({ value: child as unknown, key }));
}
