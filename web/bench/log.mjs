// A log of 10,000 lines: `node bench/log.mjs URL RUN`. Frames a second, the worst frame in ms.
import { openBrowser, untilLive } from '../e2e/browser.mjs';
import { scrolled } from './frames.mjs';

const [url, runId] = process.argv.slice(2);
const { browser, page } = await openBrowser(url);
try {
  await page.goto(`${url}/runs/${runId}`);
  await untilLive(page);
  const log = page.getByRole('log');
  await log.waitFor();
  await log.locator('[data-seq="10000"]').waitFor();
  console.log(JSON.stringify(await scrolled(log, 4)));
} finally {
  await browser.close();
}
