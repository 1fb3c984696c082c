import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatRelative } from './format';

test.each([
  [-5, '0.0 s'],
  [0, '0.0 s'],
  [37, '37 ms'],
  [99.6, '0.1 s'],
  [420, '0.4 s'],
  [9_949, '9.9 s'],
  [9_950, '10 s'],
  [59_700, '1 m 00 s'],
  [185_000, '3 m 05 s'],
  [7_800_000, '2 h 10 m'],
  [273_600_000, '3 d 4 h'],
])('%i ms last %s', (ms, wanted) => {
  expect(formatDuration(ms)).toBe(wanted);
});

test.each([
  [0, 'just now'],
  [-4_000, 'just now'],
  [-42_000, '42 sec. ago'],
  [-300_000, '5 min. ago'],
  [-7_300_000, '2 hr. ago'],
  [90_000_000, 'in 1 day'],
])('%i ms from now is %s', (ms, wanted) => {
  expect(formatRelative(1_000_000_000 + ms, 1_000_000_000)).toBe(wanted);
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [262_144, '256 KiB'],
  ['5368709120', '5.0 GiB'],
])('%s bytes are %s', (bytes, wanted) => {
  expect(formatBytes(bytes)).toBe(wanted);
});

test('A number beyond what a double holds stays exact', () => {
  expect(formatCount('9223372036854775807')).toBe('9,223,372,036,854,775,807');
});
