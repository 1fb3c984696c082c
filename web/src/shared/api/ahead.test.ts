import { beforeEach, expect, test } from 'vitest';
import { answerAhead } from './ahead';

const answer = new Response('{}');
const body = (operationName: string, variables: object) =>
  JSON.stringify({ operationName, variables, query: '{ __typename }' });

beforeEach(() => {
  globalThis.headraceAsked = {
    at: performance.now(),
    key: 'k',
    operation: 'RunSnapshot',
    variables: '{"id":"run_1"}',
    answer: Promise.resolve(answer),
  };
});

test('What was asked ahead is answered once', async () => {
  const asked = body('RunSnapshot', { id: 'run_1' });
  expect(await answerAhead(asked, 'k')).toBe(answer);
  expect(await answerAhead(asked, 'k')).toBe(null);
});

test('It waits for its own operation', async () => {
  expect(await answerAhead(body('RunCounts', {}), 'k')).toBe(null);
  expect(await answerAhead(body('RunSnapshot', { id: 'run_1' }), 'k')).toBe(answer);
});

test.each([
  ['of another run', { id: 'run_2' }, 'k', 0],
  ['with another key', { id: 'run_1' }, '', 0],
  ['too long ago', { id: 'run_1' }, 'k', 5_001],
])('An answer that was asked %s is none', async (_, variables, key, age) => {
  if (globalThis.headraceAsked) globalThis.headraceAsked.at -= age;
  expect(await answerAhead(body('RunSnapshot', variables), key)).toBe(null);
  expect(globalThis.headraceAsked).toBe(undefined);
});

test('What failed is asked anew', async () => {
  if (globalThis.headraceAsked) globalThis.headraceAsked.answer = Promise.reject(new Error('gone'));
  expect(await answerAhead(body('RunSnapshot', { id: 'run_1' }), 'k')).toBe(null);
});
