/** A body as the file has it: JSON whose texts may name data, such as `{{text}}`. */
export type Template =
  string | number | boolean | null | readonly Template[] | { readonly [name: string]: Template };

/** What texts may name; there is nothing else to read. */
export type TemplateData = Readonly<Record<string, string | number>>;

const NAMED = /\{\{\s*([^{}]*?)\s*\}\}/g;
const ONE_NAME = /^\{\{\s*([^{}]*?)\s*\}\}$/;
const MAX_DEPTH = 16;

/** Pure. Names that are not among `known`, and nesting that is too deep; each with its place within the body. */
export function templateProblems(
  template: Template,
  known: readonly string[],
  path = 'body',
  depth = 0,
): string[] {
  if (depth > MAX_DEPTH) return [`${path}: more than ${MAX_DEPTH} levels deep`];
  if (typeof template === 'string') {
    return [...template.matchAll(NAMED)].flatMap(([, name = '']) =>
      known.includes(name) ? [] : [`${path}: there is no {{${name}}}, only ${known.join(', ')}`],
    );
  }
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([key, part]: [string, Template]) =>
    templateProblems(part, known, Array.isArray(template) ? `${path}[${key}]` : `${path}.${key}`, depth + 1),
  );
}

/** Pure. The body with its data. A text that is one name and nothing else keeps the type of its data. */
export function fillTemplate(template: Template, data: TemplateData): unknown {
  if (typeof template === 'string') {
    const [, name] = ONE_NAME.exec(template) ?? [];
    if (name !== undefined) return valueOf(data, name);
    return template.replace(NAMED, (_whole, part: string) => String(valueOf(data, part)));
  }
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return template.map((part: Template) => fillTemplate(part, data));
  return Object.fromEntries(
    Object.entries(template).map(([key, part]: [string, Template]) => [key, fillTemplate(part, data)]),
  );
}

function valueOf(data: TemplateData, name: string): string | number {
  return Object.hasOwn(data, name) ? (data[name] ?? '') : '';
}
