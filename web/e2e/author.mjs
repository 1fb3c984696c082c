// A pipeline with a cycle is pasted, mended, saved and run: `node e2e/author.mjs URL FOLDER`.
import { paste } from './acts.mjs';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

const LINES = [
  'name: pasted # by hand',
  'blocks:',
  '  - name: first',
  '    type: SQL',
  '    config: {query: select 1 as n}',
  '  - name: second',
  '    type: CSV_WRITER',
  'edges:',
  '  - {from: first, to: second}',
  '  - {from: second, to: first}',
];
const TEXT = `${LINES.join('\n')}\n`;

await flow(async ({ url, page, shot }) => {
  await page.goto(`${url}/pipelines`);
  await untilLive(page);
  await paste(page, TEXT);
  await page.waitForURL('**/pipelines/new');

  const problems = page.getByRole('region', { name: 'Problems' });
  const cycle = problems.getByRole('button', { name: /cycle: first → second → first/ });
  await cycle.waitFor();
  const drawn = page.locator('[data-block][data-fault]');
  await drawn.nth(1).waitFor();
  const inCycle = await drawn.evaluateAll((nodes) => nodes.map((node) => node.dataset.block));
  // A line that lies flat has no height, and so is never visible to the letter.
  const edges = page.locator('.react-flow__edge [data-kind="cycle"]');
  await edges.nth(1).waitFor({ state: 'attached' });
  await shot('cycle');

  // What is unsaved outlives the page.
  await page.reload();
  await page.getByText('Your unsaved text').waitFor();
  await page.getByRole('button', { name: 'Go on with it' }).click();

  // The row leads to the edge; it is taken out, and put back with an end that is completed.
  await cycle.click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Delete');
  await page.keyboard.type('- {from: first, to: sec');
  await page.getByRole('option', { name: /second/ }).waitFor();
  // What was offered for fewer letters stays until these are understood.
  await page.getByRole('option', { name: /first/ }).waitFor({ state: 'detached' });
  const offered = await page.getByRole('option').allTextContents();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.press('Delete');
  await problems.getByText('Valid: 2 blocks, 1 edge').waitFor();

  await page.locator('[data-block="second"]').click();
  await page.waitForURL('**/pipelines/new?block=*');
  const selected = new URL(page.url()).searchParams.get('block');
  const line = await page.locator('.cm-activeLine').textContent();
  await shot('mended');

  await page.keyboard.press('Control+s');
  await page.waitForURL('**/pipelines/pasted/edit');
  await page.getByText('Version 1, saved').waitFor();
  const kept = await page.getByRole('textbox', { name: 'Definition' }).textContent();

  await page.getByRole('button', { name: 'Save and run' }).click();
  await page.waitForURL('**/runs/run_*');
  const runId = new URL(page.url()).pathname.split('/').at(-1);
  await page.waitForFunction(() => document.title.startsWith('✓'));
  return { inCycle, offered, selected, line, kept, runId };
});
