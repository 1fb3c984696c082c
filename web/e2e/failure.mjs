// From a failed run to the line that says why: `node e2e/failure.mjs URL FOLDER RUN BLOCK`, by one click, by
// one key, and by the bar of the block that failed.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot, rest: [runId, block] }) => {
  const chosen = page.getByRole('log').locator('[data-chosen]');
  const fresh = async () => {
    await page.goto(`${url}/runs/${runId}`);
    await untilLive(page);
    await page
      .getByRole('region', { name: 'What failed' })
      .getByText(/^Line \d+$/)
      .waitFor();
  };
  await fresh();
  const banner = await page.getByRole('region', { name: 'What failed' }).textContent();
  await page.getByRole('button', { name: 'Jump to the error' }).click();
  await chosen.waitFor();
  const byClick = await chosen.textContent();
  const link = page.url();
  await shot('failure');

  await fresh();
  await page.keyboard.press('e');
  await chosen.waitFor();
  const byKey = await chosen.textContent();

  await fresh();
  const row = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
  await row.filter({ hasText: block }).locator('[data-kind="attempt"]').first().click();
  await page.locator(`[data-block="${block}"][data-selected]`).waitFor();
  await page.getByText(`Only ${block}`).waitFor();
  await page.locator(`[role="log"] [data-level="ERROR"]`).first().waitFor();
  const selection = new URL(page.url()).search;
  await page.keyboard.press('Escape');
  await page.locator('[data-selected]').first().waitFor({ state: 'detached' });
  const cleared = new URL(page.url()).search;

  // The link, cold, shows the same.
  await page.goto(link);
  await chosen.waitFor();
  const byLink = await chosen.textContent();
  return { banner, byClick, byKey, byLink, selection, cleared, title: await page.title() };
});
