// A long log: `node e2e/log.mjs URL FOLDER RUN LINES`. It is read from its end to its beginning, and few rows
// are ever drawn.
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot, rest: [runId, lines] }) => {
  const log = page.getByRole('log');
  const row = (seq) => log.locator(`[data-seq="${seq}"]`);
  await page.goto(`${url}/runs/${runId}`);
  await row(lines).waitFor();
  await shot('log-end');
  // Counts rows at every change from here on.
  await log.evaluate((element) => {
    window.mostRows = 0;
    const count = () => {
      window.mostRows = Math.max(window.mostRows, element.querySelectorAll('[data-seq]').length);
    };
    count();
    new MutationObserver(count).observe(element, { childList: true, subtree: true });
  });
  const first = () => log.locator('[data-seq]').first().getAttribute('data-seq');
  let pages = 0;
  while ((await row(1).count()) === 0) {
    const before = await first();
    await log.evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.waitForFunction(
      (seen) => document.querySelector('[role="log"] [data-seq]')?.dataset.seq !== seen,
      before,
    );
    pages += 1;
  }
  await shot('log-beginning');
  const mostRows = await page.evaluate(() => window.mostRows);

  const middle = Math.round(Number(lines) / 2);
  await page.goto(`${url}/runs/${runId}#L${middle}`);
  await row(middle).waitFor();
  const chosen = await log.locator('[data-chosen]').getAttribute('data-seq');
  await shot('log-middle');
  await page.getByRole('button', { name: /Jump to latest/ }).click();
  await row(lines).waitFor();

  await page.keyboard.press('/');
  await page.keyboard.type('line 77');
  await page.keyboard.press('Enter');
  await log.locator('[data-chosen] mark').first().waitFor();
  const found = await log.locator('[data-chosen]').textContent();
  const rows = await log.locator('[data-seq]').count();
  return { mostRows, pages, chosen, found, rows };
});
