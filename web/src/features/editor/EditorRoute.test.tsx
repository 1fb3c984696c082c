import { EditorView } from '@codemirror/view';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openedText } from '@/shared/drafts';
import { aPage } from '@/test/builders';
import { renderAt } from '@/test/render';
import { answer, answerQuery, heldBack } from '@/test/server';
import { CheckDefinition, EditorBasis, SaveDefinition } from './documents';

// What CodeMirror measures, and jsdom does not know.
beforeAll(() => {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
  vi.stubGlobal('CSS', { ...globalThis.CSS, escape: (text: string) => text });
});

const TEXT = 'name: demo\nblocks:\n  - name: a\n    type: SQL\n';
const aVersion = (number: number) => ({
  __typename: 'PipelineVersion',
  id: `plv_${number}`,
  number,
  digest: `digest-${number}`,
});
const aPipeline = (more: object = {}) => ({
  __typename: 'Pipeline',
  id: 'pl_demo',
  name: 'demo',
  description: null,
  definition: TEXT,
  archivedAt: null,
  params: [],
  latestVersion: aVersion(1),
  ...more,
});
const valid = { validatePipeline: { __typename: 'PipelineValidation', valid: true, problems: [] } };

function answerBasis(pipeline: object | null = null) {
  answer(EditorBasis, { pipelineSchema: {}, ...(pipeline ? { pipeline } : {}) });
}

/** Puts a text into the editor as a dropped file does. */
const open = (text: string) => act(() => openedText.set({ text, format: 'YAML', from: 'a.yaml' }));

test('What the server finds is told by its place, and a click leads there', async () => {
  answerBasis();
  const cycle = {
    code: 'CYCLE',
    message: 'The edges form a cycle: a → b → a; remove one of them',
    path: ['edges', '1'],
    line: 6,
    column: 5,
    blocks: ['a', 'b'],
    suggestion: null,
  };
  const asked = answer(CheckDefinition, {
    validatePipeline: { __typename: 'PipelineValidation', valid: false, problems: [cycle] },
  });
  renderAt('/pipelines/new');
  await screen.findByRole('textbox', { name: 'Definition' });
  const text =
    'blocks:\n  - {name: a}\n  - {name: b}\nedges:\n  - {from: a, to: b}\n  - {from: b, to: a}\n';
  open(text);
  const problems = screen.getByRole('region', { name: 'Problems' });
  await within(problems).findByRole('button', { name: /6:5 The edges form a cycle: a → b → a/ });
  within(problems).getByText('1 problem');
  expect(asked).toEqual([{ source: { yaml: text } }]);
});

test('A broken text is told of at once and not sent', async () => {
  answerBasis();
  const asked = answer(CheckDefinition, valid);
  renderAt('/pipelines/new');
  await screen.findByRole('textbox', { name: 'Definition' });
  open('name: {demo\nblocks: 1\n');
  await screen.findByText('1 problem');
  expect(asked).toEqual([]);
});

test('A text that was not saved is there again, and can be given up', async () => {
  answerBasis(aPipeline());
  answer(CheckDefinition, valid);
  const draft = { text: `${TEXT}# mine\n`, format: 'YAML', at: Date.now() };
  localStorage.setItem('headrace.draft.demo', JSON.stringify(draft));
  const { user } = renderAt('/pipelines/demo/edit');
  const editor = await screen.findByRole('textbox', { name: 'Definition' });
  expect(editor.textContent).toContain('# mine');
  await user.click(screen.getByRole('button', { name: 'Discard it' }));
  expect(editor.textContent).not.toContain('# mine');
  await screen.findByText('Version 1, saved');
  expect(localStorage.getItem('headrace.draft.demo')).toBeNull();
});

describe('saving', () => {
  test('a new pipeline leads to where it is edited', async () => {
    answerBasis();
    answer(CheckDefinition, valid);
    const saved = answer(SaveDefinition, {
      importPipeline: {
        __typename: 'ImportPipelineSuccess',
        version: aVersion(1),
        pipeline: aPipeline(),
      },
    });
    const { user, at } = renderAt('/pipelines/new');
    await screen.findByRole('textbox', { name: 'Definition' });
    open(TEXT);
    answerBasis(aPipeline());
    await user.keyboard('{Control>}s{/Control}');
    await waitFor(() => expect(at()).toBe('/pipelines/demo/edit'));
    expect(saved).toEqual([{ input: { source: { yaml: TEXT }, replaceIfExists: false } }]);
    expect(localStorage.getItem('headrace.draft.')).toBeNull();
  });

  test('another pipeline of that name is replaced once its changes were seen', async () => {
    answerBasis();
    answer(CheckDefinition, valid);
    const saved = answer(SaveDefinition, ({ input }) => ({
      importPipeline: input.replaceIfExists
        ? {
            __typename: 'ImportPipelineSuccess',
            version: aVersion(2),
            pipeline: aPipeline({ latestVersion: aVersion(2) }),
          }
        : { __typename: 'PipelineExists', message: 'It is there', pipeline: aPipeline() },
    }));
    answerQuery('PipelinesPage', { pipelines: aPage([]) });
    const { user, at } = renderAt('/pipelines/new');
    await screen.findByRole('textbox', { name: 'Definition' });
    open(TEXT.replace('SQL', 'FILTER'));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    const dialog = await screen.findByRole('dialog', { name: 'demo is there already' });
    within(dialog).getByRole('row', { name: /removed type: SQL/ });
    within(dialog).getByRole('row', { name: /added type: FILTER/ });
    answerBasis(aPipeline({ latestVersion: aVersion(2) }));
    await user.click(within(dialog).getByRole('button', { name: 'Save version 2' }));
    await waitFor(() => expect(at()).toBe('/pipelines/demo/edit'));
    expect(saved.map(({ input }) => input.replaceIfExists)).toEqual([false, true]);
  });

  test('takes the last letter too, though it is not drawn yet', async () => {
    answerBasis(aPipeline());
    answer(CheckDefinition, valid);
    const saved = answer(SaveDefinition, {
      importPipeline: { __typename: 'PipelineInvalid', message: 'It is not valid', problems: [] },
    });
    renderAt('/pipelines/demo/edit');
    const editor = await screen.findByRole('textbox', { name: 'Definition' });
    await act(async () => {
      openedText.set({ text: `${TEXT}# more`, format: 'YAML', from: 'a.yaml' });
    });
    act(() => {
      EditorView.findFromDOM(editor)?.dispatch({ changes: { from: 0, insert: '#' } });
      fireEvent.keyDown(document.body, { key: 's', ctrlKey: true });
    });
    await waitFor(() => expect(saved).toHaveLength(1));
    expect(saved[0]?.input.source).toEqual({ yaml: `#${TEXT}# more` });
  });

  test('loses nothing of what is written meanwhile', async () => {
    answerBasis();
    answer(CheckDefinition, valid);
    const done = heldBack<object>();
    const saved = answer(SaveDefinition, () => done.answered);
    const { user, at } = renderAt('/pipelines/new');
    const editor = await screen.findByRole('textbox', { name: 'Definition' });
    open(TEXT);
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(saved).toHaveLength(1));
    act(() =>
      EditorView.findFromDOM(editor)?.dispatch({ changes: { from: 0, insert: '# mine\n' } }),
    );
    answerBasis(aPipeline());
    const pipeline = aPipeline();
    done.bring({
      importPipeline: { __typename: 'ImportPipelineSuccess', version: aVersion(1), pipeline },
    });
    await waitFor(() => expect(at()).toBe('/pipelines/demo/edit'));
    await screen.findByText('Your unsaved text of', { exact: false });
    expect(screen.getByRole('textbox', { name: 'Definition' }).textContent).toContain('# mine');
  });
});
