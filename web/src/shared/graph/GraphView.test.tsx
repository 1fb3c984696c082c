import { screen, within } from '@testing-library/react';
import { useState } from 'react';
import { expect, test } from 'vitest';
import { renderAt } from '@/test/render';
import { GraphView } from './GraphView';

const block = (name: string) => ({ name, type: 'PYTHON', blockRunId: null });
const edge = (from: string, to: string, as: string | null = null) => ({ from, to, as });

function Drafted() {
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <div style={{ width: 800, height: 400 }}>
      <GraphView
        label="Graph of the draft"
        nodes={['csv', 'sent', 'join'].map(block)}
        edges={[edge('csv', 'sent', 'rows'), edge('sent', 'join'), edge('join', 'sent')]}
        selected={selected}
        onSelect={setSelected}
        cycle={['sent', 'join']}
        problems={new Map([['csv', 'It has no input_path']])}
      />
    </div>
  );
}

const draft = () => renderAt('/', { routes: [{ path: '/', element: <Drafted /> }] });

test('All that the graph says stands in a table too', async () => {
  const { user } = draft();
  await user.click(await screen.findByRole('button', { name: 'Show as table' }));
  const table = screen.getByRole('table', { name: 'Blocks' });
  const cells = within(table)
    .getAllByRole('row')
    .map((row) => [...row.children].map((cell) => cell.textContent));
  expect(cells).toEqual([
    ['Block', 'Type', 'Waits on', 'Problem'],
    ['csv', 'python', '–', 'It has no input_path'],
    ['sent', 'python', 'csv as rows, join', 'It is part of a cycle'],
    ['join', 'python', 'sent', 'It is part of a cycle'],
  ]);
  await user.click(within(table).getByRole('button', { name: 'sent' }));
  within(table).getByRole('button', { name: 'sent', pressed: true });
});

test('The arrow keys go from block to block', async () => {
  const { user } = draft();
  (await screen.findByRole('group', { name: 'Graph' })).focus();
  await user.keyboard('{ArrowRight}');
  await screen.findByText('csv is selected');
  await user.keyboard('{ArrowRight}{ArrowRight}');
  await screen.findByText('join is selected');
});
