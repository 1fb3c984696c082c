import { describe, expect, test } from 'vitest';
import { placeIn } from './place-in';

/** The place of the bar in the text. */
function at(marked: string, format: 'YAML' | 'JSON' = 'YAML') {
  const offset = marked.indexOf('|');
  return placeIn(marked.replace('|', ''), format, offset);
}

const BLOCK = 'name: x\nblocks:\n  - name: a\n    type: SQL\n    config:\n';

describe('a place in YAML', () => {
  test.each([
    ['a key of the root', 'na|', 'key', '', 'na'],
    ['a key of the root after others', 'name: x\nblo|', 'key', '', 'blo'],
    ['a blank line', `${BLOCK}      |`, 'key', 'blocks.*.config', ''],
    ['a key of a block', 'blocks:\n  - name: a\n    ty|\n', 'key', 'blocks.*', 'ty'],
    ['the first key of an item', 'blocks:\n  - na|', 'key', 'blocks.*', 'na'],
    ['lists that are not indented', 'blocks:\n- name: a\n  ty|', 'key', 'blocks.*', 'ty'],
    ['a value', 'blocks:\n  - name: a\n    type: CS|\n', 'value', 'blocks.*.type', 'CS'],
    ['a value that is to come', 'blocks:\n  - type: |\n', 'value', 'blocks.*.type', ''],
    ['a key in braces', 'edges:\n  - {from: a, t|}', 'key', 'edges.*', 't'],
    ['a value in braces', 'edges:\n  - {from: a, to: b|}', 'value', 'edges.*.to', 'b'],
    ['braces that are open', 'edges:\n  - {from: |', 'value', 'edges.*.from', ''],
    ['braces over lines', 'edges: [\n  {from: a,\n   to: |}]', 'value', 'edges.*.to', ''],
  ])('%s', (_, marked, kind, path, word) => {
    const place = at(marked);
    expect(place && [place.kind, place.path.join('.'), place.word]).toEqual([kind, path, word]);
  });

  test.each([
    ['a comment', 'name: x # na|'],
    ['text that is quoted by its indentation', `${BLOCK}      query: >-\n        select |x`],
  ])('%s is no place', (_, marked) => {
    expect(at(marked)).toBeNull();
  });

  test('what stands beside it is known, above and below', () => {
    const place = at('blocks:\n  - name: a\n    ty|\n    when: all_done\n  - name: b\n');
    expect(Object.fromEntries(place?.entries.at(-1) ?? [])).toMatchObject({
      name: 'a',
      when: 'all_done',
    });
  });

  test('the type of a block is known in its config', () => {
    const place = at(`${BLOCK}      que|\n`);
    expect(place?.entries[2]?.get('type')).toBe('SQL');
  });
});

describe('a place in JSON', () => {
  test.each([
    ['a key', '{"na|"}', 'key', '', 'na'],
    ['a key after another', '{"name": "x", "|"}', 'key', '', ''],
    ['a value', '{"blocks": [{"type": "CS|"}]}', 'value', 'blocks.*.type', 'CS'],
    ['a value that is not closed', '{"edges": [{"from": "a|', 'value', 'edges.*.from', 'a'],
    ['a value that is to come', '{"edges": [{"from": |', 'value', 'edges.*.from', ''],
  ])('%s', (_, marked, kind, path, word) => {
    const place = at(marked, 'JSON');
    expect(place && [place.kind, place.path.join('.'), place.word]).toEqual([kind, path, word]);
  });

  test('what comes after it is known too', () => {
    const place = at('{"blocks": [{"config": {"|"}, "type": "SQL"}]}', 'JSON');
    expect(place?.entries[2]?.get('type')).toBe('SQL');
  });
});
