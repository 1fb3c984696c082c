// A link, opened by somebody who was never here, leads to the same sight: `node e2e/deep.mjs URL FOLDER RUN BLOCK`.
// Each sight is made by hand first, as one who then sends the address.
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

const seenOfRun = async (page) => {
  await page.locator('[role="log"] [data-chosen]').waitFor();
  await page.locator('[data-block][data-selected]').waitFor();
  await page.waitForFunction(() => document.title.startsWith('✕'));
  return page.evaluate(() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const line = document.querySelector('[role="log"] [data-chosen]');
    const log = document.querySelector('[role="log"]').getBoundingClientRect();
    const { top, bottom } = line.getBoundingClientRect();
    return {
      title: document.title,
      tabs: all('[role="tab"][aria-selected="true"]').map((tab) => tab.textContent),
      blocks: all('[data-block][data-selected]').map((node) => node.dataset.block),
      level: document.querySelector('[role="tabpanel"] select').value,
      sought: document.querySelector('input[type="search"]').value,
      only: all('[role="tabpanel"] span')
        .map((part) => part.textContent)
        .find((text) => text.startsWith('Only ')),
      line: line.dataset.seq,
      text: line.textContent,
      isInSight: top >= log.top && bottom <= log.bottom,
    };
  });
};

const seenOfEditor = async (page) => {
  await page.locator('[data-block][data-selected]').waitFor();
  await page.locator('.cm-activeLine').waitFor();
  return {
    title: await page.title(),
    block: await page.locator('[data-block][data-selected]').getAttribute('data-block'),
    line: await page.locator('.cm-activeLine').textContent(),
    text: await page.getByRole('textbox', { name: 'Definition' }).textContent(),
  };
};

const seenOfList = (name) => async (page) => {
  const rows = page.getByRole('table', { name }).getByRole('rowheader');
  await page.waitForFunction(
    (label) => document.querySelectorAll(`table[aria-label="${label}"] tbody tr`).length === 1,
    name,
  );
  return {
    title: await page.title(),
    rows: await rows.allTextContents(),
    sought: await page.getByRole('searchbox').first().inputValue(),
  };
};

await flow(async ({ url, page, cold, shot, rest: [runId, block] }) => {
  const sights = {};
  const compare = async (name, seen) => {
    const warm = await seen(page);
    await shot(`deep-${name}`);
    const other = await cold();
    await other.goto(page.url());
    await untilLive(other);
    sights[name] = { address: page.url().slice(url.length), warm, cold: await seen(other) };
    await other.context().close();
  };

  await page.goto(`${url}/runs/${runId}`);
  await untilLive(page);
  const row = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
  await row.filter({ hasText: block }).locator('[data-kind="attempt"]').nth(1).click();
  await page.getByText('attempt 2').first().waitFor();
  await page.getByLabel('Level').selectOption('INFO');
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('line 15');
  await page.keyboard.press('Enter');
  await page.locator('[role="log"] [data-chosen]').waitFor();
  await page.getByRole('tab', { name: 'Graph' }).click();
  await page.getByRole('tab', { name: 'Graph', selected: true }).waitFor();
  await compare('run', seenOfRun);

  await page.goto(`${url}/pipelines/p/edit`);
  await untilLive(page);
  await page.locator(`[data-block="${block}"]`).click();
  await page.locator(`[data-block="${block}"][data-selected]`).waitFor();
  await compare('editor', seenOfEditor);

  await page.goto(`${url}/pipelines`);
  await untilLive(page);
  await page.getByRole('searchbox', { name: 'Name contains' }).fill('oth');
  await page.waitForURL('**/pipelines?q=oth');
  await compare('pipelines', seenOfList('Pipelines'));
  return { sights };
});
