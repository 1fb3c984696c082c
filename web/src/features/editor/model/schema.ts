/** As much of JSON Schema as the server's schema of pipelines uses. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string | string[];
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  examples?: unknown[];
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  if?: Schema;
  then?: Schema;
}

/** The plain values that stand in a mapping, by key. */
export type Entries = ReadonlyMap<string, string>;
const NO_ENTRIES: Entries = new Map();

/**
 * Every schema that holds at the end of a path of keys, `*` for an item. `entries[depth]` is what stands
 * in the mapping there: a block's type decides what its config may say.
 */
export function schemasAt(
  root: Schema,
  path: readonly string[],
  entries: readonly Entries[],
): Schema[] {
  let found = spread(root, root, entries[0] ?? NO_ENTRIES);
  for (const [depth, step] of path.entries()) {
    const inside = entries[depth + 1] ?? NO_ENTRIES;
    found = found.flatMap((schema) => {
      const next = step === '*' ? schema.items : propertyOf(schema, step);
      return next ? spread(next, root, inside) : [];
    });
  }
  return found;
}

function propertyOf({ properties, additionalProperties }: Schema, key: string): Schema | undefined {
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return properties?.[key] ?? others;
}

/** A schema and all that it refers to, offers or adds in view of what stands there. */
function spread(schema: Schema, root: Schema, entries: Entries): Schema[] {
  const { $ref, anyOf = [], oneOf = [], allOf = [] } = schema;
  const referred = $ref ? root.$defs?.[$ref.replace('#/$defs/', '')] : undefined;
  const added = allOf.flatMap((part) =>
    part.if ? (holds(part.if, entries) ? part.then : []) : part,
  );
  const more = [...(referred ? [referred] : []), ...anyOf, ...oneOf, ...added];
  return [schema, ...more.flatMap((part) => (part ? spread(part, root, entries) : []))];
}

function holds({ properties = {} }: Schema, entries: Entries): boolean {
  return Object.entries(properties).every(
    ([key, { const: wanted }]) => wanted === undefined || entries.get(key) === wanted,
  );
}

export interface KeyOffer {
  key: string;
  description: string;
  required: boolean;
  /** Whether a mapping or a list follows, below it. */
  opens: boolean;
}

export function keysOf(schemas: readonly Schema[], root: Schema): KeyOffer[] {
  const offers = new Map<string, KeyOffer>();
  const required = new Set(schemas.flatMap((schema) => schema.required ?? []));
  for (const { properties } of schemas) {
    for (const [key, schema] of Object.entries(properties ?? {})) {
      const all = spread(schema, root, NO_ENTRIES);
      const description = all.find((one) => one.description)?.description;
      const known = offers.get(key);
      if (known && known.description !== '') continue;
      const opens = all.some(({ type }) => ['object', 'array'].some((kind) => isOf(type, kind)));
      offers.set(key, { key, description: description ?? '', required: required.has(key), opens });
    }
  }
  return [...offers.values()];
}

export interface ValueOffer {
  value: string | number | boolean;
  description: string;
}

export function valuesOf(schemas: readonly Schema[]): ValueOffer[] {
  const offers = new Map<string, ValueOffer>();
  const add = (value: unknown, description = '') => {
    if (!['string', 'number', 'boolean'].includes(typeof value)) return;
    // Enums that may be written in either case are offered in the first one.
    const known = String(value).toLowerCase();
    if (!offers.has(known)) offers.set(known, { value: value as ValueOffer['value'], description });
  };
  for (const schema of schemas) {
    for (const value of schema.enum ?? []) add(value);
    if (schema.const !== undefined) add(schema.const, schema.description);
    if (isOf(schema.type, 'boolean')) for (const value of [true, false]) add(value);
  }
  return [...offers.values()];
}

function isOf(type: Schema['type'], kind: string): boolean {
  return Array.isArray(type) ? type.includes(kind) : type === kind;
}

/** What there is to know of what may stand somewhere: its meaning, and its kind, bounds and default. */
export function aboutOf(schemas: readonly Schema[]): { meaning: string; facts: string[] } {
  const meaning = schemas.find(({ description }) => description)?.description ?? '';
  const types = new Set(
    schemas.flatMap(({ type }) => type ?? []).filter((type) => type !== 'null'),
  );
  const value = schemas.find((schema) => schema.default !== undefined && schema.default !== null);
  const least = schemas.find(({ minimum }) => minimum !== undefined)?.minimum;
  const most = schemas.find(({ maximum }) => maximum !== undefined)?.maximum;
  const example = schemas.find(({ examples }) => examples?.length)?.examples?.[0];
  const facts = [
    types.size > 0 ? [...types].join(' or ') : '',
    least !== undefined && most !== undefined ? `${least} to ${most}` : '',
    least !== undefined && most === undefined ? `at least ${least}` : '',
    least === undefined && most !== undefined ? `at most ${most}` : '',
    value ? `by default ${JSON.stringify(value.default)}` : '',
    example === undefined ? '' : `such as ${JSON.stringify(example)}`,
  ];
  return { meaning, facts: facts.filter(Boolean) };
}
