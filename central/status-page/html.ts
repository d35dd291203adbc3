/** Text that is HTML and must not be escaped again. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | readonly Html[];

/** A template in which every value is escaped unless it is Html already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const text = strings.reduce((all, fixed, at) => {
    const part = parts[at - 1];
    return all + (part === undefined ? '' : render(part)) + fixed;
  });
  return new Html(text);
}

/** Vietnamese, then the same in English, marked so that a screen reader changes its voice. */
export function both(vi: string, en: string): Html {
  return html`${vi} <span lang="en">${en}</span>`;
}

function render(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map((item) => item.text).join('');
  return escapeHtml(String(part));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
