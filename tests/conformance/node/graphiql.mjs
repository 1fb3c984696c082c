// GraphiQL in a real browser: `node graphiql.mjs URL KEY SCREENSHOT` with a pipeline's YAML on stdin.
// Imports, starts, follows to the end and resumes by cursor, and prints what happened as JSON.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { EVENTS, IMPORT, START } from './documents.mjs';

const [url, key, screenshot] = process.argv.slice(2);
const yaml = readFileSync(0, 'utf8');
const told = { foreign: [], trouble: [], frames: [] };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
page.setDefaultTimeout(60_000);
page.on('request', (request) => {
  const asked = request.url();
  if (!asked.startsWith(`${url}/`) && !/^(data|blob):/.test(asked)) told.foreign.push(asked);
});
page.on('pageerror', (error) => told.trouble.push(String(error)));
page.on('console', (message) => {
  if (message.type() === 'error') told.trouble.push(message.text());
});
page.on('websocket', (socket) => {
  if (!socket.url().startsWith(url.replace('http', 'ws'))) told.foreign.push(socket.url());
  socket.on('framereceived', (frame) => told.frames.push(JSON.parse(frame.payload)));
});

// What the response pane shows, whole, although the editor draws only the lines in sight.
const response = () =>
  page.evaluate(() => {
    const models = globalThis.__MONACO?.editor.getModels() ?? [];
    return models.find((model) => model.uri.path.endsWith('response.json'))?.getValue() ?? '';
  });

async function until(wanted) {
  for (;;) {
    const shown = await response();
    if (shown && wanted(shown)) return JSON.parse(shown);
    await page.waitForTimeout(50);
  }
}

async function open(query, variables) {
  const given = new URLSearchParams({ query, variables: JSON.stringify(variables, null, 2) });
  await page.goto('about:blank');
  await page.goto(`${url}/graphiql/#${given}`);
  await page.locator('.graphiql-execute-button').waitFor();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
}

async function run(query, variables, wanted = () => true) {
  await open(query, variables);
  await page.locator('.graphiql-execute-button').click();
  return until(wanted);
}

async function follow(runId, after) {
  told.frames.length = 0;
  await run(EVENTS, { run: runId, after }, (shown) => shown.includes('"SUCCEEDED"'));
  while (!told.frames.some((frame) => frame.type === 'complete')) await page.waitForTimeout(20);
  return told.frames
    .filter((frame) => frame.type === 'next')
    .flatMap((frame) => frame.payload.data.runEvents.events);
}

try {
  if (key) {
    told.refused = await run('{ queue { depth } }', {});
    // The browser itself notes the 401s in its console.
    told.trouble = told.trouble.filter((text) => !text.includes('401'));
    await page.getByLabel('API key').fill(key);
    await page.getByRole('button', { name: 'Use' }).click();
  }
  told.imported = await run(IMPORT, { yaml }, (shown) => shown.includes('importPipeline'));
  told.started = await run(START, { pipeline: 'followed' }, (shown) => shown.includes('startRun'));
  const runId = told.started.data.startRun.run.id;
  told.events = await follow(runId, null);
  if (screenshot) {
    await page.locator('button[aria-label="Show Documentation Explorer"]').click();
    await page.getByText('Root Types').first().waitFor();
    await page.screenshot({ path: screenshot });
  }
  told.resumed = await follow(runId, told.events[2].cursor);
} finally {
  await browser.close();
}
delete told.frames;
console.log(JSON.stringify(told));
