import { importProblem, pathOf } from './layout.js';

/** Every way to name another file: `import`, `export … from`, `import()`, `import type`, and `import('…')` as a type. */
export const importsRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = pathOf(context.filename);
    const check = (node, source) => {
      if (typeof source?.value !== 'string') return;
      const problem = importProblem(file, source.value);
      if (problem !== undefined) context.report({ node, message: `${problem} (docs/architecture.md).` });
    };
    const bySource = (node) => check(node, node.source);
    return {
      ImportDeclaration: bySource,
      ExportNamedDeclaration: bySource,
      ExportAllDeclaration: bySource,
      ImportExpression: bySource,
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal),
    };
  },
};
