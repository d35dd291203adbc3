import { createYamlThread } from '../runtime/yaml-thread.ts';

/** Its program is built beside this one. */
export const readYaml = createYamlThread(new URL('./yaml-worker.js', import.meta.url));
