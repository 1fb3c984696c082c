// The pictures of the docs: `make pictures` sets the scene and runs this.
//   node scripts/pictures.mjs URL FOLDER LIVE_RUN FAILED_RUN < a definition with a cycle
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { paste } from '../e2e/acts.mjs';
import { openBrowser, untilLive } from '../e2e/browser.mjs';

const [url, folder, live, failed] = process.argv.slice(2);
const cycle = readFileSync(0, 'utf8');
const { browser, page, told } = await openBrowser(url, { width: 1280, height: 800 });
await page.emulateMedia({ reducedMotion: 'reduce' });

const open = async (route) => {
  await page.goto(`${url}${route}`);
  await untilLive(page);
};
const take = async (name) => {
  await page.waitForLoadState('networkidle');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};

await open(`/runs/${live}`);
await page.getByRole('log').locator('[data-seq]').first().waitFor();
await page.locator('[data-block="topics"]').getByText('Running').waitFor();
await take('run');

await page.emulateMedia({ colorScheme: 'dark' });
await open(`/runs/${failed}`);
// Not by a jump to the line: that opens the traceback, which names folders of this machine.
const row = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
await row.filter({ hasText: 'topics' }).locator('[data-kind="attempt"]').click();
await page.getByText('Only topics').waitFor();
await page.getByRole('log').locator('[data-level="ERROR"]').waitFor();
await take('failure');
await page.emulateMedia({ colorScheme: 'light' });

await open('/pipelines');
await paste(page, cycle);
await page.waitForURL('**/pipelines/new');
await page.locator('[data-block][data-fault]').first().waitFor();
await take('cycle');

await open('/runs');
await page.getByRole('table', { name: 'Runs' }).getByText('Failed').waitFor();
await take('runs');

await browser.close();
console.log(JSON.stringify({ foreign: told.foreign, trouble: told.trouble }));
