import { Composer, isScalar, Lexer, LineCounter, Parser, visit, type CST, type Document } from 'yaml';

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
  const tokens = readTokens(text, lines);
  if (tokens === undefined)
    return { document: undefined, problems: [`nested more than ${MAX_DEPTH} levels deep`] };
  // The composer compares each key with all those before it: 25,000 keys would take it most of a minute.
  const [document, ...more] = [...new Composer({ uniqueKeys: false }).compose(tokens, true, text.length)];
  const mistakes = [...(document?.errors ?? []).map(({ message, pos: [at] }) => ({ message, at }))];
  if (document !== undefined) mistakes.push(...repeatedKeys(document));
  const problems = mistakes.map(({ message, at }) => {
    const { line, col } = lines.linePos(at);
    return `${message} at line ${line}, column ${col}`;
  });
  return { document, problems: more.length === 0 ? problems : [...problems, 'more than one document'] };
}

/** undefined: nested too deeply, which is found as soon as it is, since the deeper it gets the longer each token takes. */
function readTokens(text: string, lines: LineCounter): CST.Token[] | undefined {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    // The first is the document itself.
    if (parser.stack.length - 1 > MAX_DEPTH) return undefined;
  }
  tokens.push(...parser.end());
  return tokens;
}

function repeatedKeys(document: Document): { readonly message: string; readonly at: number }[] {
  const found: { readonly message: string; readonly at: number }[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const known = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (known.has(key.value)) found.push({ message: 'Map keys must be unique', at: key.range?.[0] ?? 0 });
        known.add(key.value);
      }
    },
  });
  return found;
}
