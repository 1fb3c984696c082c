// An empty installation: one click, and a run to see from its first block to its last.
import { untilToldWhole } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, told, shot }) => {
  await page.goto(`${url}/`);
  await page.getByRole('button', { name: 'Run the demo' }).waitFor();
  await shot('first-run');
  const clicked = Date.now();
  await page.getByRole('button', { name: 'Run the demo' }).click();
  await page.waitForURL('**/runs/run_*');
  const row = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
  await row
    .filter({ hasText: /Running|Succeeded/ })
    .first()
    .waitFor();
  const moved = Date.now();
  const status = page.getByRole('main').locator('dl');
  await status.getByText('Succeeded', { exact: true }).waitFor();
  await untilToldWhole(page, told);
  await row.filter({ hasNotText: 'Succeeded' }).first().waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.title.startsWith('✓'));
  const blocks = await row.filter({ hasText: 'Succeeded' }).count();
  await shot('run');
  const title = await page.title();
  const runId = new URL(page.url()).pathname.split('/').at(-1);
  const seqs = told.frames
    .flatMap((frame) => frame.payload?.data?.runEvents?.events ?? [])
    .map((event) => event.seq);

  await page.getByRole('link', { name: 'Runs' }).first().click();
  const listed = page.getByRole('table', { name: 'Runs' }).getByRole('row');
  await listed.filter({ hasText: 'Succeeded' }).waitFor();
  await shot('runs');
  return {
    runId,
    title,
    blocks,
    seqs,
    msToMovement: moved - clicked,
    rows: (await listed.count()) - 1,
  };
});
