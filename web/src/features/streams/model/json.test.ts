import { expect, test } from 'vitest';
import { parsedJson, saidBy } from './json';

test.each([
  ['{"a": [1]}', { a: [1] }],
  [' null ', null],
  ['"text"', 'text'],
])('%s is JSON', (text, value) => {
  expect(parsedJson(text)).toEqual({ value, fault: null });
});

test.each([
  ['  ', /^Write a JSON value/],
  ['{"a": 1,\n "b" 2}', /line 2, column 6/],
  ['{"a"', /^This is no JSON/],
])('%s is none, and it says where', (text, wanted) => {
  expect(parsedJson(text).fault).toMatch(wanted);
});

test('A message says its JSON, or its text', () => {
  expect(saidBy({ value: { a: 1 }, text: null })).toBe('{"a":1}');
  expect(saidBy({ value: null, text: 'hello' })).toBe('hello');
  expect(saidBy({ value: null, text: null })).toBe('null');
});
