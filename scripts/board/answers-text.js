/**
 * TypeScript of what the board reads and writes, from central's OpenAPI document: the shapes stand once, in the API's schemas.
 * `wanted`: names of operations such as `GET /api/v1/units`. Throws where the document has none of that name. Pure.
 */
export function answersText(document, wanted) {
  const operations = wanted.map((name) => {
    const [method, path] = name.split(' ');
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (operation === undefined) throw new Error(`the OpenAPI document has no ${name}`);
    return { name, method, path, operation };
  });
  const used = new Set();
  const typeOf = (schema, indent) => typeText(schema, indent, used);
  const answers = operations
    .filter(({ method }) => method === 'GET')
    .map(({ path, operation }) => {
      const schema = operation.responses['200']?.content?.['application/json']?.schema;
      return `  '${path}': ${typeOf(schema, '  ')};`;
    });
  const bodies = operations
    .filter(({ method }) => method !== 'GET')
    .map(({ name, operation }) => {
      const schema = operation.requestBody?.content?.['application/json']?.schema;
      return `  '${name}': ${schema === undefined ? 'undefined' : typeOf(schema, '  ')};`;
    });
  const named = [];
  // A component may use others, which join the list meanwhile.
  for (const name of used) {
    named.push(`export type ${name} = ${typeOf(document.components.schemas[name], '')};`);
  }
  return [
    '// Made from the OpenAPI document by scripts/board/answers.test.js; not by hand.',
    '',
    ...named.sort(),
    '',
    '/** What central answers, by path. */',
    'export interface Answers {',
    ...answers,
    '}',
    '',
    '/** What central takes, by method and path. */',
    'export interface Bodies {',
    ...bodies,
    '}',
    '',
  ].join('\n');
}

/** JSON Schema 2020-12, as far as zod writes it. */
function typeText(schema, indent, used) {
  if (schema === undefined || schema === true || Object.keys(schema).length === 0) return 'unknown';
  const inner = (each) => typeText(each, indent, used);
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split('/').at(-1);
    used.add(name);
    return name;
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(inner))].join(' | ');
  if (schema.allOf !== undefined) return schema.allOf.map(inner).join(' & ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => inner({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      if (schema.prefixItems !== undefined) return `readonly [${schema.prefixItems.map(inner).join(', ')}]`;
      return `readonly (${inner(schema.items)})[]`;
    case 'object':
      return objectText(schema, indent, used);
    default:
      return 'unknown';
  }
}

function objectText({ properties, required = [], additionalProperties, propertyNames }, indent, used) {
  if (properties === undefined) {
    const value = typeText(additionalProperties === false ? undefined : additionalProperties, indent, used);
    const keys = propertyNames?.enum?.map((key) => JSON.stringify(key)).join(' | ');
    return `Readonly<Record<${keys ?? 'string'}, ${value}>>`;
  }
  const deeper = `${indent}  `;
  const lines = Object.entries(properties).map(([name, schema]) => {
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
    const type = typeText(schema, deeper, used);
    return required.includes(name)
      ? `${deeper}readonly ${key}: ${type};`
      : `${deeper}readonly ${key}?: ${type}${type === 'unknown' ? '' : ' | undefined'};`;
  });
  return `{\n${lines.join('\n')}\n${indent}}`;
}
