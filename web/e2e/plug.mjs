// The server goes away in the middle of a run and comes back: `node e2e/plug.mjs URL FOLDER RUN SIGNS`.
// The files `live` and `stale` in SIGNS tell the test how far the page is.
import { writeFileSync } from 'node:fs';
import { untilLive, untilToldWhole } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, told, shot, rest: [runId, signs] }) => {
  await page.goto(`${url}/runs/${runId}`);
  await untilLive(page);
  const rows = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
  await rows.filter({ hasText: 'Running' }).first().waitFor();
  writeFileSync(`${signs}/live`, '');

  await page.locator('[data-state="reconnecting"]').waitFor();
  const isStale = await page.getByText('Stale', { exact: true }).isVisible();
  await shot('stale');
  const navigations = await page.evaluate(() => performance.getEntriesByType('navigation').length);
  writeFileSync(`${signs}/stale`, '');

  await page.locator('[data-state="live"]').waitFor();
  const caughtUp = await page.getByText(/Caught up: \d+ events?/).textContent();
  await shot('caught-up');
  await page.getByRole('main').locator('dl').getByText('Succeeded', { exact: true }).waitFor();
  await untilToldWhole(page, told);
  await rows.filter({ hasNotText: 'Succeeded' }).first().waitFor({ state: 'detached' });
  // The browser itself notes in its console what could not connect, or was cut off.
  const isOfThePlug = /WebSocket connection to|Failed to load resource: net::/;
  told.trouble = told.trouble.filter((text) => !isOfThePlug.test(text));
  const seqs = told.frames
    .flatMap((frame) => frame.payload?.data?.runEvents?.events ?? [])
    .map((event) => event.seq);
  const blocks = await rows.filter({ hasText: 'Succeeded' }).count();
  return { isStale, navigations, caughtUp, seqs, blocks };
});
