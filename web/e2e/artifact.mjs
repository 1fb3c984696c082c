// An artifact comes home: `node e2e/artifact.mjs URL FOLDER RUN NAME`. The first signed link is late, and is
// asked for once more; then every link is late, which is said after the second.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

await flow(async ({ url, page, told, shot, rest: [runId, name] }) => {
  const signed = [];
  const answers = [];
  page.on('request', (request) => {
    if (request.postDataJSON()?.operationName === 'SignArtifact') signed.push(request.url());
  });
  page.on('response', (response) => {
    const isTrial = response.request().method() === 'HEAD';
    if (isTrial && response.url().includes('/download?')) answers.push(response.status());
  });
  // The server itself refuses what is late; only the moment in the link is another one.
  let late = 1;
  await page.route('**/artifacts/*/download?*', (route) => {
    const asked = new URL(route.request().url());
    if (late > 0) asked.searchParams.set('expires', '1700000000');
    late -= 1;
    return route.continue({ url: asked.href });
  });

  await page.goto(`${url}/runs/${runId}?tab=artifacts`);
  await untilLive(page);
  const button = page.getByRole('button', { name: `Download ${name}` });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  const sha256 = createHash('sha256')
    .update(readFileSync(await download.path()))
    .digest('hex');
  const retried = { signed: signed.length, answers: [...answers] };

  late = Number.POSITIVE_INFINITY;
  signed.length = 0;
  await button.click();
  const refusal = page.getByText('The artifact cannot be downloaded');
  await refusal.waitFor();
  await shot('refused-download');
  const refused = { signed: signed.length, why: await page.getByRole('alert').textContent() };

  // The browser itself notes in its console what was refused.
  told.trouble = told.trouble.filter((text) => !text.includes('status of 403'));
  return { file: download.suggestedFilename(), sha256, retried, refused };
});
