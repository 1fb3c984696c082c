// A server that wants a key, which is then another one: `node e2e/key.mjs URL FOLDER RUN SIGNS KEY NEXT`.
// The files `followed` and `resumed` in SIGNS tell the test how far the page is.
import { writeFileSync } from 'node:fs';
import { untilLive, untilToldWhole } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, told, shot, rest: [runId, signs, key, next] }) => {
  const dialog = page.getByRole('dialog', { name: 'The server wants an API key' });
  const field = dialog.getByRole('textbox', { name: 'Key' });
  const give = async (wished) => {
    await field.fill(wished);
    await page.keyboard.press('Enter');
  };
  await page.goto(`${url}/runs`);
  await dialog.waitFor();
  await page.locator('[data-state="key-needed"]', { hasText: 'Key needed' }).waitFor();
  await field.and(page.locator(':focus')).waitFor();
  await shot('key');
  await give('wrong');
  await dialog.getByText('This is not the key.').waitFor();
  const isInvalid = await field.getAttribute('aria-invalid');
  await shot('key-wrong');

  await give(key);
  await page.getByRole('link', { name: runId.slice(-6) }).click();
  await untilLive(page);
  const rows = page.getByRole('list', { name: 'Blocks' }).getByRole('listitem');
  await rows.filter({ hasText: 'Running' }).first().waitFor();
  // A tab of GraphiQL that is open before another key is given.
  const query = new URLSearchParams({ query: `{ run(id: "${runId}") { status } }` });
  const tab = await page.context().newPage();
  await tab.goto(`${url}/graphiql/#${query}`);
  await settled(tab, runId);
  writeFileSync(`${signs}/followed`, '');

  // The server is another one now, with another key; the run has gone on.
  await dialog.waitFor();
  await dialog.getByText('The key that this browser kept is wrong.').waitFor();
  await shot('key-changed');
  await give(next);
  await untilLive(page);
  writeFileSync(`${signs}/resumed`, '');
  await page.getByRole('main').locator('dl').getByText('Succeeded', { exact: true }).waitFor();
  await untilToldWhole(page, told);
  await rows.filter({ hasNotText: 'Succeeded' }).first().waitFor({ state: 'detached' });
  const blocks = await rows.filter({ hasText: 'Succeeded' }).count();
  await page.getByRole('alert').first().waitFor({ state: 'detached' });
  const navigations = await page.evaluate(() => performance.getEntriesByType('navigation').length);
  const seqs = told.frames
    .flatMap((frame) => frame.payload?.data?.runEvents?.events ?? [])
    .map((event) => event.seq);

  // What was refused, or cut off, the browser itself notes in its console.
  const isExpected = /WebSocket connection to|Failed to load resource: (net::|.* 401 )/;
  told.trouble = told.trouble.filter((text) => !isExpected.test(text));
  const inOpenTab = await answerIn(tab, runId);
  await page.goto(`${url}/graphiql/#${query}`);
  const graphiql = await answerIn(page, runId);
  await shot('key-graphiql');
  return { isInvalid, blocks, navigations, seqs, graphiql, inOpenTab };
});

/**
 * Its buttons are there before its editors are, and then do nothing. Its network is no sign: what its
 * workers ask for may have no end that the browser tells of.
 */
async function settled(graphiql, runId) {
  await graphiql.locator('.graphiql-query-editor', { hasText: runId }).waitFor();
  await graphiql.getByRole('region', { name: 'Result Window' }).locator('.monaco-editor').waitFor();
}

async function answerIn(graphiql, runId) {
  await settled(graphiql, runId);
  const answered = graphiql.waitForResponse((response) =>
    response.request().postData()?.includes(runId),
  );
  await graphiql.getByRole('button', { name: /Execute query/ }).click();
  return (await (await answered).json()).data;
}
