import { describe, expect, test } from 'vitest';
import { draftOf, givenIn, hintOf, type Param, readDraft, refusalsOf } from './fields';

const param = (type: Param['type'], more: Partial<Param> = {}): Param => ({
  name: 'p',
  type,
  required: false,
  default: null,
  ...more,
});

describe('a field begins with the default and gives its value back', () => {
  test.each([
    ['text', param('STRING', { default: 'a' }), 'a', 'a'],
    ['a path', param('PATH', { default: 'data/x.csv' }), 'data/x.csv', 'data/x.csv'],
    ['a whole number', param('INTEGER', { default: 5 }), '5', 5],
    ['a number', param('NUMBER', { default: 0.5 }), '0.5', 0.5],
    ['yes or no', param('BOOLEAN', { default: true }), true, true],
    ['one of some', param('STRING', { default: 'b', choices: ['a', 'b'] }), '"b"', 'b'],
    ['one of some numbers', param('INTEGER', { default: 2, choices: [1, 2] }), '2', 2],
    ['JSON', param('JSON', { default: { a: [1] } }), '{\n  "a": [\n    1\n  ]\n}', { a: [1] }],
  ])('%s', (_, one, written, value) => {
    const draft = draftOf([one]);
    expect(draft.p).toBe(written);
    expect(readDraft([one], draft)).toEqual({ params: { p: value }, faults: {} });
  });

  test('a moment, whatever the zone', () => {
    const one = param('DATETIME', { default: '2026-05-04T12:00:00+02:00' });
    const { params } = readDraft([one], draftOf([one]));
    expect(params.p).toBe('2026-05-04T10:00:00.000Z');
  });

  test('the values of another run win', () => {
    expect(draftOf([param('INTEGER', { default: 5 })], { p: 7, gone: 1 })).toEqual({ p: '7' });
  });

  test.each([
    ['{"p": 7}', '7'],
    ['[7]', '5'],
    ['7', '5'],
    ['{"p"', '5'],
    [null, '5'],
  ])('a link with %s gives %s', (text, wanted) => {
    expect(draftOf([param('INTEGER', { default: 5 })], givenIn(text))).toEqual({ p: wanted });
  });
});

describe('what is written', () => {
  test.each([
    ['nothing, which is the default', param('INTEGER', { default: 5 }), '', {}, {}],
    [
      'nothing where it is wanted',
      param('PATH', { required: true }),
      '',
      {},
      { p: 'A run needs this.' },
    ],
    ['an empty text on purpose', param('STRING', { default: 'a' }), '', { p: '' }, {}],
    ['too little', param('INTEGER', { minimum: 1 }), '0', {}, { p: 'At least 1.' }],
    ['too much', param('NUMBER', { maximum: 1 }), '1.5', {}, { p: 'At most 1.' }],
    ['a part', param('INTEGER'), '1.5', {}, { p: 'A whole number is wanted.' }],
    ['a word', param('NUMBER'), 'x', {}, { p: 'This is no number.' }],
  ])('%s', (_, one, written, params, faults) => {
    expect(readDraft([one], { p: written })).toEqual({ params, faults });
  });

  test('broken JSON', () => {
    expect(readDraft([param('JSON')], { p: '{' }).faults.p).toMatch(/^This is no JSON: /);
  });
});

test('What the server refuses stands at its field, or apart', () => {
  const problems = [
    { path: ['params', 'p'], message: 'too long' },
    { path: ['params', 'p'], message: 'and empty' },
    { path: ['params', 'q'], message: 'there is no q' },
    { path: [], message: 'too large' },
  ];
  expect(refusalsOf(problems, [param('STRING')])).toEqual({
    byParam: { p: 'too long and empty' },
    others: ['there is no q', 'too large'],
  });
});

test('A hint tells what a value is for, and its bounds', () => {
  expect(hintOf(param('INTEGER', { description: 'How many.', minimum: 1, maximum: 9 }))).toBe(
    'How many. 1 to 9. May be left empty.',
  );
  expect(hintOf(param('NUMBER', { minimum: 1, required: true }))).toBe('At least 1.');
});
