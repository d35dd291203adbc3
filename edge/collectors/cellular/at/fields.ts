/** `+QENG: "a",1, -` → prefix and fields; quotes and blanks around a field are dropped. undefined: not such a line. */
export function fieldsOf(line: string, prefix: string): string[] | undefined {
  if (!line.startsWith(`${prefix}:`)) return undefined;
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (const char of line.slice(prefix.length + 1)) {
    if (char === '"') isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted) {
      fields.push(field.trim());
      field = '';
    } else field += char;
  }
  fields.push(field.trim());
  return fields;
}

/** Of all lines with this prefix. */
export function allFields(lines: readonly string[], prefix: string): string[][] {
  return lines.flatMap((line) => {
    const fields = fieldsOf(line, prefix);
    return fields === undefined ? [] : [fields];
  });
}

/** An answer that does not have the documented layout. */
export class AtLayoutError extends Error {
  override readonly name = 'AtLayoutError';
}
