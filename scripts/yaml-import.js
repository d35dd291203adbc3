// `import value from './file.yaml'`: the value of the file, in the bundles and in the tests. Agents parse no YAML of their own.
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

/** For esbuild. */
export function yamlForBuild() {
  return {
    name: 'yaml-import',
    setup({ onLoad }) {
      onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({
        contents: JSON.stringify(parse(await readFile(path, 'utf8'))),
        loader: 'json',
      }));
    },
  };
}

/** For vitest. */
export function yamlForTests() {
  return {
    name: 'yaml-import',
    transform(text, path) {
      if (!path.endsWith('.yaml')) return undefined;
      return { code: `export default ${JSON.stringify(parse(text))};`, map: null };
    },
  };
}
