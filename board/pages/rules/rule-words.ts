/** A condition with the limit of a level, which stands at its `…` or its end. Pure. */
export function conditionWords(condition: string, limit: string): string {
  return condition.includes('…') ? condition.replace('…', () => limit) : `${condition} ${limit}`.trim();
}

const DIRECTORIES = /(?:[A-Za-z]:)?(?:[\\/][^\s\\/:"]+)*[\\/](?=[^\s\\/:"]+)/g;

/** A text that names files by their names alone: where they lie on central's machine is nobody's business but an administrator's. Pure. */
export function withoutDirectories(text: string): string {
  return text.replace(DIRECTORIES, (path, at: number) =>
    at === 0 || /[\s"]/.test(text[at - 1] ?? '') ? '' : path,
  );
}
