// The frame of a flow: `node e2e/NAME.mjs URL FOLDER`. It prints what happened as JSON, which the test
// that started it judges; FOLDER takes pictures. A flow that breaks leaves a picture of where it broke.
import { openBrowser } from './browser.mjs';

export async function flow(act, options) {
  const [url, folder, ...rest] = process.argv.slice(2);
  const { browser, context, page, cold, told } = await openBrowser(url, options);
  const shot = (name) => page.screenshot({ path: `${folder}/${name}.png` });
  try {
    const facts = await act({ url, page, context, cold, told, shot, rest });
    console.log(JSON.stringify({ foreign: told.foreign, trouble: told.trouble, ...facts }));
  } catch (error) {
    await shot('broken').catch(() => {});
    throw error;
  } finally {
    await browser.close();
  }
}
