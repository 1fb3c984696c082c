import { expect, test } from 'vitest';
import { nearest } from './nearest';

const NAMES = ['sentiment', 'demo-ui', 'demo', 'etl', 'sentiments-weekly'];

test.each([
  ['sentimnet', ['sentiment']],
  ['SENTIMENT', ['sentiment', 'sentiments-weekly']],
  ['demos', ['demo']],
  ['elt', []],
  ['et', ['etl']],
  ['weekly', ['sentiments-weekly']],
  ['nothing like it', []],
  ['', []],
])('Near to %s: %o', (name, wanted) => {
  expect(nearest(name, NAMES)).toEqual(wanted);
});
