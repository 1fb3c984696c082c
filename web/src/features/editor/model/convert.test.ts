import { describe, expect, test } from 'vitest';
import { canonical, toJson, toYaml } from './convert';
import { parse } from './parse';

const TEXT = `# Ours.
name: demo
blocks:
  - name: a # the first
    type: SQL
  # The second reads what the first made.
  - name: b
    type: FILTER
edges:
  - {from: a, to: b}
`;
const value = () => JSON.parse(toJson(parse(TEXT, 'YAML').value));

describe('YAML after a change in JSON', () => {
  test('is the text itself where nothing changed', () => {
    expect(toYaml(value(), TEXT)).toBe(TEXT);
  });

  test('keeps its comments and its style around a change', () => {
    const changed = value();
    changed.blocks[1].type = 'SQL';
    expect(toYaml(changed, TEXT)).toBe(TEXT.replace('FILTER', 'SQL'));
  });

  test('keeps what is said of a block where blocks come and go', () => {
    const changed = value();
    changed.blocks = [{ name: 'new', type: 'SQL' }, changed.blocks[0]];
    delete changed.edges;
    const text = toYaml(changed, TEXT);
    expect(text).toContain('- name: a # the first');
    expect(parse(text, 'YAML').value).toEqual(changed);
  });

  test('is written anew where there was none', () => {
    expect(parse(toYaml(value(), null), 'YAML').value).toEqual(value());
  });
});

test('Definitions compare equal whatever their format, comments and order of keys', () => {
  const reordered = { edges: value().edges, blocks: value().blocks, name: 'demo', params: null };
  expect(canonical(JSON.stringify(reordered), 'JSON')).toBe(canonical(TEXT, 'YAML'));
});
