import tseslint from 'typescript-eslint';
import { importsRule } from './scripts/lint/imports-rule.js';

const DIALS = 'Connect by runtime/dial/.';

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', 'dashboards/pictures/**'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { wardwatch: { rules: { imports: importsRule } } },
    rules: {
      'wardwatch/imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      // `const { hidden, ...shown } = record` is how parts are left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Node gives each address of a name 250 ms, too short for a slow line: connections are made by runtime/dial/.
    files: ['**/*.ts'],
    ignores: [
      '**/*.test.ts',
      '**/testing/**',
      'tests/**',
      // In a browser.
      'board/**',
      'simulators/devices/**',
      'runtime/dial/**',
      // To an address, and to a socket file.
      'edge/collectors/path/http-probe.ts',
      'edge/collectors/telegraf/unix-listener.ts',
    ],
    rules: {
      'no-restricted-globals': ['error', { name: 'fetch', message: DIALS }],
      'no-restricted-imports': [
        'error',
        { name: 'node:net', importNames: ['connect', 'createConnection'], message: DIALS },
        { name: 'node:https', importNames: ['request', 'get'], message: DIALS },
        { name: 'mqtt', importNames: ['connect', 'default'], message: DIALS },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
