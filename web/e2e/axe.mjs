// What axe has to say of screens: `node e2e/axe.mjs URL FOLDER ROUTE…`, each in both schemes.
// `ROUTE > BUTTON` is the screen with what the button of that name opens.
import AxeBuilder from '@axe-core/playwright';
import { RULES } from './axe-rules.mjs';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot, rest: screens }) => {
  const faults = [];
  for (const screen of screens) {
    const [route, button] = screen.split(' > ');
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${url}${route}`);
      await untilLive(page);
      await page.waitForLoadState('networkidle');
      if (button) {
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByRole('dialog').waitFor();
        await shot(`${button.toLowerCase().replaceAll(' ', '-')}-${colorScheme}`);
      }
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      for (const { id, nodes } of violations)
        faults.push(`${screen} ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    }
  }
  return { faults };
});
