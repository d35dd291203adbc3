import tseslint from 'typescript-eslint';

/** What each folder may import beyond its own: `from` globs are forbidden in `folder`. */
const LAYERS = {
  contract: ['runtime', 'edge', 'central', 'simulators', 'cli', 'tests'],
  runtime: ['contract', 'edge', 'central', 'simulators', 'cli', 'tests'],
  edge: ['central', 'simulators', 'cli', 'tests'],
  central: ['edge', 'simulators', 'cli', 'tests'],
  simulators: ['central', 'edge/collectors', 'edge/scheduler', 'cli', 'tests'],
  cli: ['tests'],
};

/** Libraries that are spoken to from one place only. */
const ONE_PLACE = {
  'net-snmp': ['edge/collectors/snmp', 'simulators/devices', 'tests'],
  serialport: ['edge/collectors/cellular', 'tests'],
  mqtt: ['edge/publisher', 'edge/mqtt-source', 'central/mqtt', 'tests'],
  'sparkplug-payload': ['central/sparkplug', 'tests'],
  aedes: ['central/mqtt', 'tests'],
  '@duckdb/node-api': ['central/store', 'tests'],
  libsql: ['central/state', 'tests'],
  fastify: ['central/api', 'central/status-page', 'tests'],
};

const layerRules = Object.entries(LAYERS).map(([folder, forbidden]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
            message: `${folder}/ must not import this folder (imports point one way, see docs/architecture.md).`,
          },
        ],
      },
    ],
  },
}));

const onePlaceRule = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const file = context.filename.replaceAll('\\', '/');
    const check = (node) => {
      // Also a file of the library.
      const library = Object.keys(ONE_PLACE).find((name) => `${node.source.value}/`.startsWith(`${name}/`));
      const places = ONE_PLACE[library];
      if (places === undefined || places.some((place) => file.includes(`/${place}/`))) return;
      context.report({ node, message: `'${node.source.value}' is imported in ${places.join(', ')} only.` });
    };
    return { ImportDeclaration: check, ImportExpression: check };
  },
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { wardwatch: { rules: { 'one-place': onePlaceRule } } },
    rules: {
      'wardwatch/one-place': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
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
  ...layerRules,
  {
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
