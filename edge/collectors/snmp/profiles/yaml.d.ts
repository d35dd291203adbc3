/** The value of the file: the build and the tests read it (scripts/yaml-import.js). */
declare module '*.yaml' {
  const value: unknown;
  export default value;
}
