/** As much of a JSON Schema (draft 4) as that of compose files uses. */
export interface JsonSchema {
  $ref?: string;
  definitions?: Record<string, JsonSchema>;
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  oneOf?: JsonSchema[];
}

/** The paths of all keys that a schema names, such as `services.*.deploy.mode`; `*` stands for names of the user. */
export function schemaKeys(root: JsonSchema): Set<string> {
  const keys = new Set<string>();
  const walk = (schema: JsonSchema, path: string[]): void => {
    for (const form of formsOf(root, schema)) {
      for (const [key, below] of Object.entries(form.properties ?? {})) {
        keys.add([...path, key].join('.'));
        walk(below, [...path, key]);
      }
      for (const below of Object.values(form.patternProperties ?? {})) walk(below, [...path, '*']);
      if (form.items) walk(form.items, path);
    }
  };
  walk(root, []);
  return keys;
}

/** Those of the schema's keys that a document has, as {@link schemaKeys} spells them. */
export function coveredKeys(root: JsonSchema, document: unknown): Set<string> {
  const keys = new Set<string>();
  const walk = (schema: JsonSchema, value: unknown, path: string[]): void => {
    for (const form of formsOf(root, schema)) {
      if (Array.isArray(value) && form.items) for (const item of value) walk(form.items, item, path);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      for (const [key, inner] of Object.entries(value)) {
        const below = form.properties?.[key];
        if (below) keys.add([...path, key].join('.'));
        if (below) walk(below, inner, [...path, key]);
        else for (const pattern of patternsOf(form, key)) walk(pattern, inner, [...path, '*']);
      }
    }
  };
  walk(root, document, []);
  return keys;
}

function patternsOf({ patternProperties = {} }: JsonSchema, key: string): JsonSchema[] {
  return Object.entries(patternProperties).flatMap(([pattern, below]) =>
    new RegExp(pattern).test(key) ? [below] : [],
  );
}

/** The schema itself, what it refers to, or each of the forms that it may take. */
function formsOf(root: JsonSchema, schema: JsonSchema): JsonSchema[] {
  const { $ref, oneOf } = schema;
  if (oneOf) return oneOf.flatMap((form) => formsOf(root, form));
  const definition = $ref === undefined ? undefined : root.definitions?.[$ref.replace('#/definitions/', '')];
  return definition ? formsOf(root, definition) : [schema];
}
