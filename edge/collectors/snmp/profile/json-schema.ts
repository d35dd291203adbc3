import { jsonSchemaByShape } from './by-shape.ts';
import { profileSchema } from './profile-schema.ts';

/** JSON Schema (2020-12) of a device profile, for editors; `checkProfile` also knows the catalogue. */
export function profileJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = jsonSchemaByShape(profileSchema);
  return { $schema, title: 'Wardwatch device profile', ...rest };
}
