// On a small window only what says so scrolls sideways, and keys do it too: `node e2e/narrow.mjs URL FOLDER ROUTE…`.
// Tells by how many pixels each page is wider than its window, and what cannot be scrolled by keys.
import AxeBuilder from '@axe-core/playwright';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(
  async ({ url, page, shot, rest: routes }) => {
    const beyond = {};
    const faults = [];
    for (const [at, route] of routes.entries()) {
      await page.goto(`${url}${route}`);
      await untilLive(page);
      await page.waitForLoadState('networkidle');
      beyond[route] = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      const scrolled = await new AxeBuilder({ page })
        .withRules(['scrollable-region-focusable'])
        .analyze();
      for (const { nodes } of scrolled.violations)
        faults.push(`${route}: ${nodes.map(({ html }) => html).join(' ')}`);
      await shot(`narrow-${at}`);
    }
    return { beyond, faults };
  },
  { width: 360, height: 780 },
);
