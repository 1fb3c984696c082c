import type { Outline } from './outline';
import { type Place, unquoted } from './place';
import { aboutOf, keysOf, type Schema, schemasAt, valuesOf } from './schema';

export interface Suggestion {
  label: string;
  /** What is put into the text. */
  insert: string;
  /** How much before the cursor it stands for; by default the whole word that is there. */
  written?: number;
  detail: string;
  about: string;
  kind: 'property' | 'enum' | 'block' | 'param';
}

const EDGE_END = /^edges\.\*\.(from|to)$/;
const OPEN_TEMPLATE = /\{\{\s*(?:params\.)?([\w-]*)$/;

/** What can stand at a place: keys and values of the schema, and names that the text itself defines. */
export function suggestionsAt(place: Place, schema: Schema, outline: Outline): Suggestion[] {
  const { kind, path, word } = place;
  if (kind === 'value' && OPEN_TEMPLATE.test(word)) return paramsFor(place, outline);
  if (kind === 'value' && EDGE_END.test(path.join('.'))) return blocksFor(place, outline);
  const schemas = schemasAt(schema, path, place.entries);
  const values = valuesOf(schemas).map(({ value, description }): Suggestion => {
    const text = typeof value === 'string' ? quotedIf(place.isJson, value) : String(value);
    return { label: String(value), insert: text, detail: '', about: description, kind: 'enum' };
  });
  if (kind === 'value') return values;
  const taken = place.entries.at(-1) ?? new Map();
  const keys = keysOf(schemas, schema)
    .filter(({ key }) => !taken.has(key) || key === unquoted(word))
    .map(({ key, description, required, opens }): Suggestion => {
      const name = quotedIf(place.isJson, key);
      const colon = place.isJson || !opens ? ': ' : ':';
      const insert = place.hasColon ? name : `${name}${colon}`;
      const detail = required ? 'required' : '';
      return { label: key, insert, detail, about: description, kind: 'property' };
    });
  return [...keys, ...(place.isJson ? [] : values)];
}

const quotedIf = (isJson: boolean, word: string) => (isJson ? JSON.stringify(word) : word);

function blocksFor({ path, entries, isJson }: Place, { blocks }: Outline): Suggestion[] {
  // The other end of the edge: a block does not wait on itself.
  const other = entries.at(-1)?.get(path.at(-1) === 'from' ? 'to' : 'from');
  return blocks
    .filter(({ name }) => name !== other)
    .map(({ name, type }) => ({
      label: name,
      insert: quotedIf(isJson, name),
      detail: type,
      about: '',
      kind: 'block',
    }));
}

function paramsFor({ word }: Place, { params }: Outline): Suggestion[] {
  const written = word.slice(word.search(OPEN_TEMPLATE)).length;
  return params.map((name) => {
    const template = `{{ params.${name} }}`;
    return { label: template, insert: template, written, detail: '', about: '', kind: 'param' };
  });
}

/** What is known of what stands at a place. */
export function aboutPlace(
  place: Place,
  whole: string,
  schema: Schema,
): { title: string; meaning: string; facts: string[] } | null {
  const word = unquoted(whole);
  if (place.kind === 'key') {
    const schemas = schemasAt(schema, [...place.path, word], place.entries);
    return schemas.length === 0 ? null : { title: word, ...aboutOf(schemas) };
  }
  const schemas = schemasAt(schema, place.path, place.entries);
  const meant = schemas.find((one) => one.const === word && one.description);
  return meant ? { title: word, meaning: meant.description ?? '', facts: [] } : null;
}
