import { expect, test } from 'vitest';
import { fold, foldsOf } from './fold';

const block = (name: string, type = 'PYTHON') => ({ name, type, blockRunId: null });
const edge = (from: string, to: string) => ({ from, to, as: null });

function fan(count: number, name = (at: number) => `classify_${at}`) {
  const middle = Array.from({ length: count }, (_, at) => name(at));
  return {
    nodes: [block('csv'), ...middle.map((each) => block(each)), block('join')],
    edges: middle.flatMap((each) => [edge('csv', each), edge(each, 'join')]),
  };
}

test('Thirteen siblings are one node, joined to the others by one edge each', () => {
  const { nodes, edges } = fan(13);
  const folded = fold(nodes, edges, { open: new Set() });
  expect(folded.nodes.map(({ id }) => id)).toEqual(['csv', 'fold:classify_0', 'join']);
  expect(folded.nodes[1]).toMatchObject({ kind: 'fold', label: '13 × classify' });
  expect(folded.edges).toEqual([edge('csv', 'fold:classify_0'), edge('fold:classify_0', 'join')]);
  expect(folded.within.get('classify_7')).toBe('fold:classify_0');
});

test.each([
  ['twelve siblings', fan(12), new Set<string>(), undefined],
  ['what was opened', fan(13), new Set(['fold:classify_0']), undefined],
  ['what is to stand apart', fan(13), new Set<string>(), ['classify_3']],
  ['other downstream', { ...fan(13), edges: fan(13).edges.slice(1) }, new Set<string>(), undefined],
])('Not folded: %s', (_, { nodes, edges }, open, apart) => {
  expect(fold(nodes, edges, { open, apart }).nodes).toHaveLength(nodes.length);
});

test('Siblings whose names have nothing in common are named by their type', () => {
  const { nodes, edges } = fan(13, (at) => `${String.fromCharCode(97 + at)}x`);
  expect(fold(nodes, edges, { open: new Set() }).nodes[1]).toMatchObject({ label: '13 × python' });
  expect(foldsOf(nodes, edges)).toEqual(['fold:ax']);
});
