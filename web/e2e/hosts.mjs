// Every screen, and who was asked for anything: `node e2e/hosts.mjs URL FOLDER ROUTE…`. What went elsewhere
// is told by every flow; this one goes everywhere, and tells that something was asked at each place.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, told, rest: routes }) => {
  const asked = {};
  for (const route of routes) {
    const before = told.asked;
    await page.goto(`${url}${route}`);
    if (route.startsWith('/graphiql/')) await page.locator('.graphiql-editors').waitFor();
    else await untilLive(page);
    // Whatever it asks for later; what GraphiQL's workers do may have no end that the browser tells of.
    await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => {});
    asked[route] = told.asked - before;
  }
  return { asked };
});
