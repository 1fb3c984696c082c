// Each screen is opened without the key, and is given it: `node e2e/locked.mjs URL FOLDER KEY ROUTE…`.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, told, rest: [key, ...routes] }) => {
  const alive = [];
  // A request that the next page cuts off is nothing that this is about.
  const asked = new Set();
  page.on('request', (request) => asked.add(request));
  for (const end of ['requestfinished', 'requestfailed'])
    page.on(end, (request) => asked.delete(request));
  for (const route of routes) {
    await page.goto(`${url}${route}`);
    const dialog = page.getByRole('dialog', { name: 'The server wants an API key' });
    await dialog.getByRole('textbox', { name: 'Key' }).fill(key);
    // All that was asked without it has been refused by now.
    await page.locator('[data-state="key-needed"]').waitFor();
    await page.waitForLoadState('networkidle');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await untilLive(page);
    // What was refused is asked for again, and neither a complaint nor a gap is left of it.
    await page.getByRole('alert').first().waitFor({ state: 'detached' });
    await page
      .getByRole('status', { name: /^Loading/ })
      .first()
      .waitFor({ state: 'detached' });
    await page.getByRole('main').getByRole('heading').first().waitFor();
    // One that is given up ends too.
    while (asked.size > 0)
      await Promise.race([
        page.waitForEvent('requestfinished'),
        page.waitForEvent('requestfailed'),
      ]);
    alive.push(route);
    await page.evaluate(() => localStorage.clear());
  }
  const isExpected = /Failed to load resource: .* 401 /;
  told.trouble = told.trouble.filter((text) => !isExpected.test(text));
  return { alive };
});
