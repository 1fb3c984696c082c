// A run of many blocks: `node e2e/large.mjs URL FOLDER RUN BLOCK BLOCKS`. Few of them are drawn, all of them are there.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot, rest: [runId, block, blocks] }) => {
  const began = Date.now();
  await page.goto(`${url}/runs/${runId}?view=graph`);
  const node = page.locator('.react-flow__node');
  await node.first().waitFor();
  const msToNodes = Date.now() - began;
  await untilLive(page);
  // Edges are drawn once their ends are measured, and the map after that.
  await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' });
  await page
    .locator('.react-flow__minimap rect')
    .nth(blocks - 1)
    .waitFor({ state: 'attached' });
  const drawn = await node.count();
  const edges = await page.locator('.react-flow__edge').count();
  const onMap = await page.locator('.react-flow__minimap rect').count();
  const zoom = await page
    .locator('.react-flow__viewport')
    .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
  await shot('large');
  await page.goto(`${url}/runs/${runId}?block=${block}`);
  await page.locator(`[data-block="${block}"][data-selected]`).waitFor();
  const row = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
  await row.filter({ hasText: block }).first().waitFor();
  const rows = await row.count();
  await shot('large-split');
  await page.getByRole('button', { name: 'Show as table' }).click();
  const listedRow = page.getByRole('table', { name: 'Blocks' }).getByRole('row');
  await listedRow.nth(blocks).waitFor({ state: 'attached' });
  const listed = await listedRow.count();
  return { msToNodes, drawn, edges, onMap, zoom, rows, listed: listed - 1 };
});
