// How soon the list of runs can be used, cold: `node bench/runs.mjs URL`. Prints ms as JSON.
import { openBrowser, untilLive } from '../e2e/browser.mjs';

const [url] = process.argv.slice(2);
const { browser, page } = await openBrowser(url);
try {
  await page.goto(`${url}/runs`, { waitUntil: 'commit' });
  await page.getByRole('table', { name: 'Runs' }).getByRole('row').nth(1).waitFor();
  await untilLive(page);
  const interactive = await page.evaluate(() => performance.now());
  console.log(JSON.stringify({ interactive }));
} finally {
  await browser.close();
}
