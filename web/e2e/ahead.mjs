// What is asked before the pages' scripts have run: `node e2e/ahead.mjs URL FOLDER ROUTE [OPERATION]`, which one is to
// be waited for. Every operation that was
// asked until the page is quiet, in order, and those that were asked before the pages themselves could.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, rest: [route, expected] }) => {
  const asked = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') asked.push(request.postDataJSON().operationName);
  });
  // Until it is let go, nothing is asked but by the script that runs ahead.
  let ahead = [];
  await page.route('**/assets/vendor-*.js', async (held) => {
    if (expected !== undefined) await page.waitForResponse('**/graphql');
    ahead = [...asked];
    await held.continue();
  });
  await page.goto(`${url}${route}`, { waitUntil: 'commit' });
  await untilLive(page);
  await page.getByRole('main').getByRole('heading').first().waitFor();
  await page.waitForLoadState('networkidle');
  return { ahead, asked };
});
