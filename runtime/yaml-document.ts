import { Composer, LineCounter, Parser, type CST, type Document } from 'yaml';

/** Nothing that a person writes is nested as deeply as this. */
const MAX_DEPTH = 100;

export interface ComposedYaml {
  /** undefined: there was nothing to compose, and `problems` says why. */
  readonly document: Document | undefined;
  readonly problems: readonly string[];
}

/**
 * One YAML document. Its nesting is looked at before it is composed: that calls itself for each level, and where the stack
 * ends within a regular expression V8 ends the whole process. Pure.
 */
export function composeYaml(text: string): ComposedYaml {
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (isDeeperThan(MAX_DEPTH, tokens))
    return { document: undefined, problems: [`nested more than ${MAX_DEPTH} levels deep`] };
  const [document, ...more] = [...new Composer().compose(tokens, true, text.length)];
  const problems = (document?.errors ?? []).map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `${message} at line ${line}, column ${col}`;
  });
  return { document, problems: more.length === 0 ? problems : [...problems, 'more than one document'] };
}

/** With a stack of its own. */
function isDeeperThan(maxDepth: number, tokens: readonly CST.Token[]): boolean {
  const waiting = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > maxDepth) return true;
    for (const child of childrenOf(token)) waiting.push({ token: child, depth: depth + 1 });
  }
  return false;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat());
}
