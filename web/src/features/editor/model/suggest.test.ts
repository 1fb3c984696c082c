import { describe, expect, test } from 'vitest';
import { outlineOf } from './outline';
import { parse } from './parse';
import { placeIn } from './place-in';
import type { Schema } from './schema';
import { aboutPlace, suggestionsAt } from './suggest';

const SCHEMA: Schema = {
  properties: {
    name: { type: 'string', description: 'What the pipeline is called.' },
    blocks: { type: 'array', items: { $ref: '#/$defs/block' } },
    edges: { type: ['array', 'null'], items: { properties: { from: {}, to: {} } } },
  },
  required: ['name', 'blocks'],
  $defs: {
    block: {
      properties: {
        name: { type: 'string' },
        type: { oneOf: [{ const: 'SQL', description: 'Asks in SQL.' }, { const: 'FILTER' }] },
        config: { type: ['object', 'null'] },
        when: { anyOf: [{ enum: ['all_done'] }, { enum: ['ALL_DONE'] }, { type: 'null' }] },
        cache: { type: 'boolean' },
      },
      allOf: [
        {
          if: { properties: { type: { const: 'SQL' } } },
          // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so
          then: { properties: { config: { anyOf: [{ $ref: '#/$defs/sql' }, { type: 'null' }] } } },
        },
      ],
    },
    sql: { properties: { query: { type: 'string', default: 'select 1' } } },
  },
};

function offered(marked: string, format: 'YAML' | 'JSON' = 'YAML') {
  const text = marked.replace('|', '');
  const place = placeIn(text, format, marked.indexOf('|'));
  if (!place) return null;
  const outline = outlineOf(parse(text, format).value);
  return suggestionsAt(place, SCHEMA, outline).map(({ insert }) => insert);
}

describe('completion offers', () => {
  test.each([
    ['keys of the root, not those that are there', 'name: x\n|', ['blocks:', 'edges:']],
    ['keys of a block', 'blocks:\n  - name: a\n    t|', ['type: ', 'config:', 'when: ', 'cache: ']],
    ['block types', 'blocks:\n  - type: |', ['SQL', 'FILTER']],
    ['values in the case that people write', 'blocks:\n  - when: |', ['all_done']],
    ['true and false', 'blocks:\n  - cache: |', ['true', 'false']],
    ['what the type knows of', 'blocks:\n  - type: SQL\n    config:\n      |', ['query: ']],
    ['nothing of another type', 'blocks:\n  - type: FILTER\n    config:\n      |', []],
    ['the blocks of the text', 'blocks:\n  - name: a\n  - name: b\nedges:\n  - to: |', ['a', 'b']],
    ['not the other end', 'blocks:\n  - name: a\n  - name: b\nedges:\n  - {from: a, to: |}', ['b']],
    ['params in a template', 'params:\n  - name: p\nblocks:\n  - name: "{{ |"', ['{{ params.p }}']],
  ])('%s', (_, marked, inserts) => {
    expect(offered(marked)).toEqual(inserts);
  });

  test('quoted words in JSON', () => {
    expect(offered('{"name": "x", "|"}', 'JSON')).toEqual(['"blocks": ', '"edges": ']);
    expect(offered('{"blocks": [{"type": "|"}]}', 'JSON')).toEqual(['"SQL"', '"FILTER"']);
  });
});

describe('what is known', () => {
  test.each([
    ['of a key', 'na|me: x', { title: 'name', meaning: 'What the pipeline is called.' }],
    ['of a block type', 'blocks:\n  - type: SQ|L', { title: 'SQL', meaning: 'Asks in SQL.' }],
    [
      'of a key of a config',
      'blocks:\n  - type: SQL\n    config:\n      que|ry: x',
      { title: 'query', facts: ['string', 'by default "select 1"'] },
    ],
  ])('%s', (_, marked, about) => {
    const text = marked.replace('|', '');
    const place = placeIn(text, 'YAML', marked.indexOf('|'));
    const whole = text.slice(place?.from, place?.to);
    expect(place && aboutPlace(place, whole, SCHEMA)).toMatchObject(about);
  });
});
