// A browser as every flow wants it: it reaches this machine alone, and tells of every request that went
// elsewhere and of every complaint in its console.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PATIENCE_MS = 30_000;
const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

// Chromium makes pages of its own for the address bar of every window: for a second or two they take
// the better part of two cores. The last list of features counts, so Playwright's stands here too.
const NOT_WANTED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxAimPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

export async function openBrowser(url, { width = 1440, height = 900, colorScheme = 'light' } = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? CANDIDATES.find(existsSync),
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      `--disable-features=${NOT_WANTED.join(',')}`,
    ],
  });
  const told = { foreign: [], trouble: [], frames: [], names: new Map(), asked: 0 };
  /** A page of a browser that was never here: nothing is kept from the one before. */
  const cold = async (options) => {
    const viewport = { width, height };
    const context = await browser.newContext({ viewport, colorScheme, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    watch(context, page, url, told);
    return page;
  };
  const page = await cold();
  return { browser, context: page.context(), page, cold, told };
}

function watch(context, page, url, told) {
  // The context's requests are those of its pages, their frames and their workers.
  context.on('request', (request) => {
    const asked = request.url();
    told.asked += 1;
    if (!asked.startsWith(`${url}/`) && !/^(data|blob):/.test(asked)) told.foreign.push(asked);
  });
  page.on('pageerror', (error) => told.trouble.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) told.trouble.push(message.text());
  });
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(url.replace('http', 'ws'))) told.foreign.push(socket.url());
    socket.on('framereceived', (frame) => told.frames.push(JSON.parse(frame.payload)));
    socket.on('framesent', (frame) => {
      const { id, payload } = JSON.parse(frame.payload);
      if (payload?.operationName) told.names.set(id, payload.operationName);
    });
  });
}

/** The badge says that what is shown is live. */
export async function untilLive(page) {
  await page.locator('[data-state="live"]').waitFor();
}

/** The server has told the whole of a run. That it is over may be known before, from the list of runs. */
export async function untilToldWhole(page, told) {
  const isOver = () =>
    told.frames.some(({ type, id }) => type === 'complete' && told.names.get(id) === 'RunEvents');
  const end = Date.now() + PATIENCE_MS;
  while (!isOver()) {
    if (Date.now() > end) throw new Error('The end of the run was never told.');
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** A dialog has the focus, and with it the keys. */
export async function untilInFocus(dialog) {
  await dialog.locator(':focus').waitFor();
}
