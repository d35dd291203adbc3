// `npm run pictures`: loads the sources as they are, without a build. See draw.ts.
import { runnerImport } from 'vite';
import { yamlForTests } from '../../scripts/yaml-import.js';

const file = new URL('draw.ts', import.meta.url).pathname;
const { module } = await runnerImport(file, { configFile: false, plugins: [yamlForTests()] });
await module.draw(new URL('../../docs/pictures/', import.meta.url).pathname);
