// No flash on load: `node e2e/theme.mjs URL FOLDER`. What each frame's document looks like, from the first,
// which is drawn while the app's own script is still held back, until the app is there.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

const KEPT = 'headrace.colorScheme';

/** In the page, before anything of it: notes how each frame looks. */
const note = ([key, kept]) => {
  if (kept !== null) localStorage.setItem(key, kept);
  window.frames_seen = [];
  const look = () => {
    if (document.body) {
      window.frames_seen.push({
        scheme: document.documentElement.dataset.mantineColorScheme ?? null,
        surface: getComputedStyle(document.body).backgroundColor,
        isDrawn: document.querySelector('#root > *') !== null,
      });
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

await flow(async ({ url, cold }) => {
  const seen = [];
  for (const [system, kept] of [
    ['light', 'dark'],
    ['dark', 'light'],
    ['dark', null],
    ['light', null],
  ]) {
    const page = await cold({ colorScheme: system });
    await page.addInitScript(note, [KEPT, kept]);
    let letGo;
    const held = new Promise((resolve) => {
      letGo = resolve;
    });
    await page.route('**/assets/*.js', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${url}/runs`, { waitUntil: 'commit' });
    await page.waitForFunction(() => window.frames_seen.length > 1);
    letGo();
    await untilLive(page);
    const frames = await page.evaluate(() => window.frames_seen);
    seen.push({
      system,
      kept,
      first: frames[0],
      looks: [...new Set(frames.map(({ scheme, surface }) => `${scheme} ${surface}`))],
      isDrawn: frames.at(-1).isDrawn,
    });
    await page.context().close();
  }
  return { seen };
});
