// Everything by keys: `node e2e/keys.mjs URL FOLDER RUN`, a run of `p` of which two blocks failed.
// It tells where each key led, as `KEY ADDRESS`.
import { untilInFocus, untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot, rest: [runId] }) => {
  const led = [];
  const base = new URL(url);
  const at = () => page.url().slice(base.origin.length).replace(runId, 'RUN');
  /** Presses a key, or some at once as quick fingers do, and waits until the address is one that fits. */
  const press = async (keys, fits) => {
    await Promise.all(keys.split(' ').map((key) => page.keyboard.press(key)));
    await page.waitForURL((address) => fits.test(address.href));
    led.push(`${keys} ${at()}`);
  };
  const dialog = page.getByRole('dialog');
  // The address is there before the screen is: an open dialog has the keys until it is gone.
  const leave = async (fits) => {
    await untilInFocus(dialog);
    await press('Escape', fits);
    await dialog.waitFor({ state: 'detached' });
  };
  await page.goto(`${url}/runs`);
  await untilLive(page);
  await page.getByRole('link', { name: runId.slice(-6) }).waitFor();
  await press('j Enter', /runs\/run_/);
  await page.getByRole('region', { name: 'What failed' }).waitFor();
  await press('3', /view=gantt/);
  await press('2', /view=graph/);
  await press('1', /runs\/\w+$/);
  await press(']', /block=good/);
  await press(']', /block=bad/);
  await press('[', /block=good/);
  await press('Escape', /runs\/\w+$/);
  await press('a', /tab=artifacts/);
  await press('l', /runs\/\w+$/);
  await press('e', /#L1$/);
  await press('e', /#L2$/);
  await press('Shift+E', /#L1$/);
  await press('a', /tab=artifacts/);
  // The log that is still shown has this key for itself.
  await page.getByRole('tab', { name: /^Artifacts/, selected: true }).waitFor();
  await press('f', /runs\/\w+$/);
  await page.getByRole('log').waitFor();
  await page.keyboard.press('/');
  const isSought = await page
    .getByRole('searchbox', { name: 'Search the log' })
    .evaluate((field) => field === document.activeElement);
  await page.keyboard.press('Escape');

  await page.keyboard.press(']');
  await page.keyboard.press('r');
  await untilInFocus(page.getByRole('dialog', { name: 'Re-run' }));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  led.push(`r Escape ${at()}`);
  await press('n', /pipelines\/p\/run$/);
  await leave(/pipelines\/p$/);
  await press('g p', /pipelines$/);
  const listed = page.getByRole('table', { name: 'Pipelines' });
  await listed.getByRole('link', { name: 'p', exact: true }).waitFor();
  await press('j n', /pipelines\/p\/run$/);
  await leave(/pipelines\/p$/);
  await press('g d', /datasets$/);
  await press('g s', /tools\/streams$/);
  await press('g o', /tools$/);
  await press('g r', /runs$/);

  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /^Search for/ });
  await field.fill(runId);
  await page.getByRole('option', { name: /^p · .*Failed/ }).waitFor();
  await shot('palette');
  await press('Enter', /runs\/run_/);

  await page.keyboard.press('?');
  await dialog.getByRole('switch', { name: /^Single keys/ }).click();
  await shot('keys-off');
  await page.reload();
  await untilLive(page);
  await page.getByRole('region', { name: 'What failed' }).waitFor();
  await page.keyboard.press('3');
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  // Keys are taken in order: the palette is there only once all of them were.
  await page.keyboard.press('Control+k');
  await field.waitFor();
  led.push(`off ${at()}`);
  await field.fill('keys');
  await page.keyboard.press('Enter');
  await dialog.getByRole('switch', { name: /^Single keys/ }).click();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await press('3', /view=gantt/);
  return { led, isSought };
});
