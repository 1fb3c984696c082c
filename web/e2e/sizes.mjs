// What a first visit costs: `node e2e/sizes.mjs URL FOLDER ROUTE`, in bytes as they come over the wire.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, rest: [route] }) => {
  await page.goto(`${url}${route}`);
  await untilLive(page);
  await page.waitForLoadState('networkidle');
  const loaded = await page.evaluate(() =>
    ['navigation', 'resource'].flatMap((kind) =>
      performance.getEntriesByType(kind).map(({ name, encodedBodySize, transferSize }) => ({
        name,
        encodedBodySize,
        transferSize,
      })),
    ),
  );
  const sum = (entries, field) => entries.reduce((total, entry) => total + entry[field], 0);
  const scripts = loaded.filter(({ name }) => name.endsWith('.js'));
  return { scripts: sum(scripts, 'encodedBodySize'), wire: sum(loaded, 'transferSize') };
});
