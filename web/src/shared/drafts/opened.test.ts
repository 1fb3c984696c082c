import { describe, expect, test } from 'vitest';
import { formatOf, looksLikePipeline, pipelineFiles } from './opened';

describe('the format of a text', () => {
  test.each([
    ['name: x', '', 'YAML'],
    ['{"name": "x"}', '', 'JSON'],
    ['{name: x}', '', 'YAML'],
    [' {\n', '', 'JSON'],
    ['', '', 'YAML'],
    ['{"name": "x"}', 'x.yaml', 'YAML'],
    ['name: x', 'x.JSON', 'JSON'],
  ])('%j of a file %j is %s', (text, name, format) => {
    expect(formatOf(text, name)).toBe(format);
  });
});

test('Only what may hold a pipeline is taken', () => {
  const files = ['a.yaml', 'b.yml', 'c.json', 'd.csv', 'yaml'].map((name) => new File([], name));
  expect(pipelineFiles(files).map(({ name }) => name)).toEqual(['a.yaml', 'b.yml', 'c.json']);
});

test('A pasted text is a pipeline by its blocks', () => {
  expect(looksLikePipeline('name: x\nblocks:\n')).toBe(true);
  expect(looksLikePipeline('{"name": "x",\n "blocks": []}')).toBe(true);
  expect(looksLikePipeline('see the blocks: they run')).toBe(false);
});
