// Pictures of any pages of a running Headrace, light and dark, wide and narrow:
//   npm run shots -- http://127.0.0.1:8000 /runs /pipelines
// They go into a new folder, whose name is printed.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBrowser } from '../e2e/browser.mjs';

const [url, ...routes] = process.argv.slice(2);
if (!url || routes.length === 0) {
  console.error('npm run shots -- URL ROUTE…');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'headrace-shots-'));
const WIDTHS = [1440, 390];
const SETTLE_MS = 700;

for (const colorScheme of ['light', 'dark']) {
  const { browser, page, told } = await openBrowser(url, { colorScheme });
  for (const route of routes) {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${url}${route}`);
      await page.waitForTimeout(SETTLE_MS);
      const name = route.replaceAll(/[^\w]+/g, '-').replaceAll(/^-|-$/g, '') || 'home';
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
    }
  }
  for (const fault of [...told.foreign, ...told.trouble]) console.error(fault);
  await browser.close();
}
console.log(folder);
