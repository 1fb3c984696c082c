// Where a graph of many blocks is first looked at: `node e2e/first-sight.mjs URL FOLDER RUN BLOCK`.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot, rest: [runId, block] }) => {
  await page.goto(`${url}/runs/${runId}?view=graph`);
  await untilLive(page);
  const node = page.locator(`[data-block="${block}"]`);
  await node.waitFor();
  const canvas = await page.locator('.react-flow').boundingBox();
  const at = await node.boundingBox();
  const zoom = await page
    .locator('.react-flow__viewport')
    .evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
  const isInSight =
    at.x >= canvas.x &&
    at.y >= canvas.y &&
    at.x + at.width <= canvas.x + canvas.width &&
    at.y + at.height <= canvas.y + canvas.height;
  await shot('first-sight');
  return { isInSight, zoom, drawn: await page.locator('.react-flow__node').count() };
});
