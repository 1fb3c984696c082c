import { expect, test } from 'vitest';
import { arranged } from './arranged';

const offer = (section: string, label: string) => ({ id: label, section, label });
const OFFERS = [
  offer('Go to', 'Go to Runs'),
  offer('Go to', 'Go to Tools'),
  offer('Runs', 'Next run'),
  offer('Runs', 'Search the runs'),
];

const shown = (typed: string) =>
  arranged(typed, OFFERS, ['Go to']).map(({ name, answers }) => [
    name,
    answers.map(({ offer }) => offer.label),
  ]);

test('What the server found is shown, whatever its label says', () => {
  const found = { ...offer('Runs by id', 'demo · 000001'), isFound: true };
  const sections = arranged('0042', [...OFFERS, found], []);
  expect(sections).toEqual([{ name: 'Runs by id', answers: [{ offer: found, at: [] }] }]);
});

test.each([
  [
    'the page before the app',
    '',
    [
      ['Runs', ['Next run', 'Search the runs']],
      ['Go to', ['Go to Runs', 'Go to Tools']],
    ],
  ],
  ['only what answers', 'tool', [['Go to', ['Go to Tools']]]],
  ['the best before all', 'go run', [['Go to', ['Go to Runs']]]],
  [
    'the shorter of two first',
    'run',
    [
      ['Runs', ['Next run', 'Search the runs']],
      ['Go to', ['Go to Runs']],
    ],
  ],
  ['nothing', 'zebra', []],
])('%s', (_, typed, wanted) => {
  expect(shown(typed)).toEqual(wanted);
});
