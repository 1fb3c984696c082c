import { expect, test } from 'vitest';
import { plainText, spansOf } from './ansi';

const ESC = '\u001b[';

test.each([
  ['no colours', 'plain', [{ text: 'plain' }]],
  [
    'a colour and its end',
    `a ${ESC}32mgreen${ESC}0m b`,
    [{ text: 'a ' }, { text: 'green', ink: 'green' }, { text: ' b' }],
  ],
  ['weight and colour at once', `${ESC}1;31mred`, [{ text: 'red', ink: 'red', bold: true }]],
  ['a bright colour', `${ESC}94mblue`, [{ text: 'blue', ink: 'blue' }]],
  ['256 colours', `${ESC}38;5;196mx${ESC}4my`, [{ text: 'x' }, { text: 'y', underline: true }]],
  ['a moved cursor', `a${ESC}2Kb`, [{ text: 'a' }, { text: 'b' }]],
  ['a title of a terminal', 'a\u001b]0;title\u0007b', [{ text: 'a' }, { text: 'b' }]],
  ['a bell', 'a\u0007b', [{ text: 'ab' }]],
])('%s', (_, line, wanted) => {
  const plain = { ink: null, bold: false, dim: false, italic: false, underline: false };
  expect(spansOf(line)).toEqual(wanted.map((span) => ({ ...plain, ...span })));
  expect(plainText(line)).toBe(wanted.map(({ text }) => text).join(''));
});
