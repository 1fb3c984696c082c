// A dataset from nothing to its use: `node e2e/datasets.mjs URL FOLDER`. It is made up, looked at, downloaded, and
// handed to a pipeline; the list goes on to a second page.
import { readFileSync } from 'node:fs';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, shot }) => {
  await page.goto(`${url}/datasets`);
  await untilLive(page);
  const form = page.getByRole('region', { name: 'Make up a dataset' });
  const make = form.getByRole('button', { name: 'Make it up' });
  const field = (name) => form.getByLabel(name);
  /** All that stands at the field. */
  const saying = (name) => field(name).locator('xpath=../..').textContent();

  await field('Messages').fill('100001');
  await field('Seed').fill('many');
  const faults = { messages: await saying('Messages'), seed: await saying('Seed') };
  const isHeld = await make.isDisabled();
  await shot('datasets-faults');
  await field('Messages').fill('37');
  await field('Seed').fill('7');
  await field('Name').fill('../outside.csv');
  await make.click();
  await field('Name').and(page.locator('[aria-invalid="true"]')).waitFor();
  const refused = await saying('Name');
  await field('Name').fill('zz-mine');
  await make.click();
  await form.getByText('37 messages are in').waitFor();
  const mix = await form.locator('dl').textContent();
  await form.getByText('All 37 rows.').waitFor();
  await shot('datasets-made');

  await page.getByRole('link', { name: 'Next page' }).click();
  const table = page.getByRole('table', { name: 'Datasets' });
  const row = table.getByRole('row', { name: /zz-mine\.csv/ });
  await row.waitFor();
  const cells = await row.getByRole('cell').allTextContents();
  const download = page.waitForEvent('download');
  await row.getByRole('button', { name: 'Download zz-mine.csv' }).click();
  const kept = await download;
  const lines = readFileSync(await kept.path(), 'utf8')
    .trimEnd()
    .split('\n').length;

  await row.getByRole('button', { name: 'Preview zz-mine.csv' }).click();
  await table.getByRole('table', { name: 'The beginning of zz-mine.csv' }).waitFor();
  const address = page.url().slice(url.length);
  await shot('datasets-preview');
  await row.getByRole('button', { name: 'Use zz-mine.csv in a pipeline' }).click();
  await page.getByRole('dialog').getByRole('link').click();
  await page.waitForURL('**/pipelines/p/run?*');
  const given = await page.getByLabel('input_path').inputValue();
  return {
    faults,
    isHeld,
    refused,
    mix,
    cells,
    file: kept.suggestedFilename(),
    lines,
    address,
    given,
  };
});
