import { describe, expect, test } from 'vitest';
import { diffLines, hunksOf } from './lines';

const SIGNS = { same: ' ', removed: '-', added: '+' };
const told = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => SIGNS[kind] + text);

describe('how a text becomes another one', () => {
  test.each([
    ['nothing', '', '', []],
    ['no change', 'a\nb\n', 'a\nb', [' a', ' b']],
    ['a line more', 'a\nc\n', 'a\nb\nc\n', [' a', '+b', ' c']],
    ['a line less', 'a\nb\nc\n', 'a\nc\n', [' a', '-b', ' c']],
    ['another line', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
    ['something of nothing', '', 'a', ['+a']],
    ['a line that moved', 'a\nb\nc', 'b\nc\na', ['-a', ' b', ' c', '+a']],
  ])('%s', (_, before, after, lines) => {
    expect(told(before, after)).toEqual(lines);
  });

  test('each line has its numbers', () => {
    const numbers = diffLines('a\nb', 'a\nc').map((line) => [line.before, line.after]);
    expect(numbers).toEqual([
      [1, 1],
      [2, null],
      [null, 2],
    ]);
  });
});

describe('hunks', () => {
  const many = Array.from({ length: 30 }, (_, at) => `line ${at}`);
  const changed = (...at: number[]) => many.map((text, i) => (at.includes(i) ? 'new' : text));
  const sizes = (...at: number[]) =>
    hunksOf(diffLines(many.join('\n'), changed(...at).join('\n'))).map(({ skipped, lines }) => [
      skipped,
      lines.length,
    ]);

  test('hold each change and what stands around it', () => {
    expect(sizes(10)).toEqual([[7, 8]]);
    expect(sizes(0, 29)).toEqual([
      [0, 5],
      [22, 5],
    ]);
  });

  test('are one where changes are near', () => {
    expect(sizes(10, 14)).toEqual([[7, 13]]);
    expect(sizes()).toEqual([]);
  });
});
