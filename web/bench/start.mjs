// From the click on Start to the first running block: `node bench/start.mjs URL PIPELINE`.
import { openBrowser, untilLive } from '../e2e/browser.mjs';

const [url, pipeline] = process.argv.slice(2);
const { browser, page } = await openBrowser(url);
try {
  await page.goto(`${url}/pipelines/${pipeline}/run`);
  await untilLive(page);
  const start = page.getByRole('button', { name: /^Start/ });
  await start.waitFor();
  const clicked = Date.now();
  await start.click();
  await page.waitForURL('**/runs/run_*');
  await page
    .getByText(/^(Running|Succeeded)$/)
    .first()
    .waitFor();
  console.log(JSON.stringify({ running: Date.now() - clicked }));
} finally {
  await browser.close();
}
