/** A question of docs/api-cookbook.md. */
export interface Question {
  readonly title: string;
  /** Below `/api/v1`. */
  readonly path: string;
  /** What the answer does not say, or what else to ask. */
  readonly note?: string;
}

/** A call and its answer, as the page has them. */
export interface Recipe {
  readonly title: string;
  readonly path: string;
  readonly answer: unknown;
}

const MAX_SHOWN = 2;
const CURL =
  /## \d+\. ([^\n]*)\n\n```bash\ncurl -sH "Authorization: Bearer \$TOKEN" "\$CENTRAL\/api\/v1(\/[^"]*)"\n```\n\n```json\n([^`]*)\n```/g;

/** Of long lists the first entries, and how many more there are. Pure. */
export function shorten(value: unknown): unknown {
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_SHOWN).map(shorten);
    return value.length > MAX_SHOWN ? [...shown, `… ${value.length - MAX_SHOWN} more`] : shown;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shorten(each)]));
}

/** Each answer as `format` writes JSON. */
export async function writePage(
  head: string,
  questions: readonly (Question & { readonly answer: unknown })[],
  format: (json: string) => Promise<string>,
): Promise<string> {
  const parts = questions.map(async ({ title, path, note, answer }, at) =>
    [
      `## ${at + 1}. ${title}`,
      '```bash\n' + `curl -sH "Authorization: Bearer $TOKEN" "$CENTRAL/api/v1${path}"` + '\n```',
      '```json\n' + (await format(JSON.stringify(shorten(answer)))) + '```',
      ...(note === undefined ? [] : [note]),
    ].join('\n\n'),
  );
  return `${head}\n\n${(await Promise.all(parts)).join('\n\n')}\n`;
}

export function readPage(text: string): Recipe[] {
  return [...text.matchAll(CURL)].map(([, title = '', path = '', answer = '']) => ({
    title,
    path,
    answer: JSON.parse(answer) as unknown,
  }));
}

/** Which of many is first or newest depends on what was measured last. */
const PLACES: readonly string[] = ['agent', 'band', 'device', 'host', 'interface', 'path', 'site', 'unit'];

/** What of an answer is the same whenever the city is asked: no measured values, times, and where the greatest of them is. Pure. */
export function lasting(value: unknown): unknown {
  if (typeof value === 'number') return '#';
  if (typeof value === 'string')
    return value.replace(/a-[0-9a-f]{20}/, 'a-#').replace(/\b\d+([.,]\d+)*(?= |$)/g, '#');
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      key === 'nextCursor' || (PLACES.includes(key) && typeof each === 'string') ? '#' : lasting(each),
    ]),
  );
}
