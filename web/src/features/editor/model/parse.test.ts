import { describe, expect, test } from 'vitest';
import { blockAt, nameOffset, outlineOf } from './outline';
import { parse } from './parse';
import { cycleOf, placed, problemsByBlock, syntaxProblems } from './problems';

const TEXT = `name: demo # ours
blocks:
  - name: a
    type: SQL
  - {name: b, type: FILTER}
edges:
  - {from: a, to: b}
  - {from: b, to: a}
  - {from: b, to: nowhere}
`;

describe('syntax is judged at once', () => {
  test.each([
    ['YAML that is fine', 'YAML', 'a: 1', []],
    ['nothing yet', 'JSON', '', []],
    ['a brace too few', 'YAML', 'a: {b: 1\nc: 2\n', [[2, 1]]],
    ['a key twice', 'YAML', 'a: 1\na: 2\n', [[2, 1]]],
    ['JSON that is fine', 'JSON', '{"a": 1}', []],
    ['a comma too many', 'JSON', '{\n  "a": 1,\n}', [[3, 1]]],
    ['JSON that ends early', 'JSON', '{"a": [1', [[1, 8]]],
  ] as const)('%s', (_, format, text, places) => {
    const problems = syntaxProblems(parse(text, format));
    expect(problems.slice(0, 1).map(({ line, column }) => [line, column])).toEqual(places);
  });
});

describe('the outline', () => {
  test('holds blocks and the edges between those that are there', () => {
    const { name, blocks, edges } = outlineOf(parse(TEXT, 'YAML').value);
    expect(name).toBe('demo');
    expect(blocks.map((block) => block.name)).toEqual(['a', 'b']);
    expect(edges.map(({ from, to }) => from + to)).toEqual(['ab', 'ba']);
  });

  test('makes something of everything', () => {
    for (const text of ['', '1', '[]', 'blocks: 3', 'blocks: [1, null, {name: {}}]', 'edges: [x]'])
      expect(outlineOf(parse(text, 'YAML').value).blocks).toEqual([]);
  });

  test('knows which block an offset is in, and where its name stands', () => {
    const parsed = parse(TEXT, 'YAML');
    expect(blockAt(parsed, TEXT.indexOf('SQL'))).toBe('a');
    expect(blockAt(parsed, TEXT.indexOf('FILTER'))).toBe('b');
    expect(blockAt(parsed, TEXT.indexOf('edges'))).toBeNull();
    expect(nameOffset(parsed, 'b')).toBe(TEXT.indexOf('b, type'));
    expect(nameOffset(parsed, 'c')).toBeNull();
  });
});

const problem = (more: object) => ({
  code: 'X',
  message: 'wrong',
  path: [],
  line: null,
  column: null,
  blocks: [],
  suggestion: null,
  ...more,
});

describe('problems', () => {
  const parsed = parse(TEXT, 'YAML');

  test.each([
    ['a value', { path: ['blocks', '0', 'type'], line: 4, column: 11 }, 'SQL'],
    ['a key', { path: ['name'], line: 1, column: 1 }, 'name'],
    ['a mapping', { path: ['edges', '0'], line: 7, column: 5 }, '{from: a, to: b}'],
    ['what the server alone sees', { path: ['blocks', '9'], line: 4, column: 5 }, 'type'],
    ['a path without a place', { path: ['blocks', '1', 'name'] }, 'b'],
  ])('of %s stand there', (_, more, text) => {
    const [found] = placed(parsed, [problem(more)]);
    expect(TEXT.slice(found?.from, found?.to)).toBe(text);
  });

  test('a suggestion takes the place of a word', () => {
    const [found] = placed(parsed, [
      problem({ path: ['blocks', '0', 'type'], line: 4, column: 11, suggestion: 'FILTER' }),
    ]);
    expect(found?.fix).toBe('FILTER');
  });

  test('a cycle is one as long as the text says so', () => {
    const outline = outlineOf(parsed.value);
    const cycle = [{ code: 'CYCLE', blocks: ['a', 'b'] }];
    expect(cycleOf(cycle, outline)).toEqual(['a', 'b']);
    expect(cycleOf(cycle, { ...outline, edges: outline.edges.slice(0, 1) })).toEqual([]);
  });

  test('each block tells what is wrong with it', () => {
    const told = problemsByBlock(
      placed(parsed, [
        problem({ blocks: ['a'], message: 'one' }),
        problem({ blocks: ['a'], message: 'two' }),
        problem({ code: 'CYCLE', blocks: ['a', 'b'] }),
      ]),
    );
    expect([...told]).toEqual([['a', 'one\ntwo']]);
  });
});
