// A file is dropped onto the page, replaces what is there once that was seen, and is run with params:
// `node e2e/start.mjs URL FOLDER`.
import { drop } from './acts.mjs';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

const TEXT = `name: p
params:
  - {name: least, type: integer, minimum: 1, maximum: 9, default: 3}
blocks:
  - name: counted
    type: SQL
    config: {query: 'select $least as n', values: {least: '{{ params.least }}'}}
`;

await flow(async ({ url, page, shot }) => {
  await page.goto(`${url}/pipelines`);
  await untilLive(page);
  await drop(page, 'p.yaml', TEXT);
  await page.waitForURL('**/pipelines/new');
  await page.getByText('Valid: 1 block, 0 edges').waitFor();
  await page.getByRole('button', { name: 'Save and run' }).click();
  const dialog = page.getByRole('dialog', { name: 'p is there already' });
  await dialog.getByRole('row', { name: /added/ }).first().waitFor();
  const added = await dialog.getByRole('row', { name: /added/ }).count();
  await shot('replace');
  await dialog.getByRole('button', { name: 'Save version 2' }).click();

  await page.waitForURL('**/pipelines/p/run');
  const least = page.getByRole('spinbutton', { name: 'least' });
  await least.waitFor();
  // The dialog takes the focus when it opens, and its first field once there are fields.
  await least.and(page.locator(':focus')).waitFor();
  const usual = await least.inputValue();
  await least.fill('12');
  await page.keyboard.press('Enter');
  await dialog.or(page.getByText('At most 9.')).waitFor();
  await shot('refused');
  await least.fill('7');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/runs/run_*');
  const runId = new URL(page.url()).pathname.split('/').at(-1);
  await page.waitForFunction(() => document.title.startsWith('✓'));

  await page.goto(`${url}/pipelines/p?v=2&against=1`);
  await page.getByRole('region', { name: 'Changes', exact: true }).first().waitFor();
  await shot('versions');
  return { added, usual, runId };
});
