// A graph of 500 blocks: `node bench/graph.mjs URL RUN`, the run being under way. First paint in ms, frames a
// second while it is panned and events come in, and the longest task until the run is over.
import { openBrowser } from '../e2e/browser.mjs';
import { collectLongTasks, framesDuring, longTasks } from './frames.mjs';

const [url, runId] = process.argv.slice(2);
const { browser, page } = await openBrowser(url);
try {
  await collectLongTasks(page);
  await page.goto(`${url}/runs/${runId}`, { waitUntil: 'commit' });
  await page.locator('.react-flow__node').first().waitFor();
  const painted = await page.evaluate(() => performance.now());
  const box = await page.locator('.react-flow').boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const fps = await framesDuring(page, async () => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 0; step < 60; step += 1) await page.mouse.move(x + 3 * (step % 30), y + step);
    await page.mouse.up();
  });
  await page
    .getByRole('main')
    .locator('dl')
    .getByText('Succeeded', { exact: true })
    .waitFor({ timeout: 60_000 });
  const longest = Math.max(0, ...(await longTasks(page)));
  console.log(JSON.stringify({ painted, fps, longest }));
} finally {
  await browser.close();
}
