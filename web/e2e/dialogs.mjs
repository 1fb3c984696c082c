// What axe has to say while a dialog, or what asks before it acts, is open: `node e2e/dialogs.mjs URL FOLDER
// FAILED_RUN HELD_RUN`. Each is looked at in both schemes.
import AxeBuilder from '@axe-core/playwright';
import { drop } from './acts.mjs';
import { RULES } from './axe-rules.mjs';
import { untilLive } from './browser.mjs';
import { flow } from './flow.mjs';

// Of two blocks: what is valid of it cannot be said of what was there before.
const TEXT = `name: p
blocks:
  - {name: one, type: SQL, config: {query: select 1 as n}}
  - {name: other, type: SQL, config: {query: select 2 as n}}
`;

await flow(async ({ url, page, shot, rest: [failed, held] }) => {
  const faults = [];
  const looked = [];
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const look = async (name, awaited) => {
    await awaited.waitFor();
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
      const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
      for (const { id, nodes } of violations)
        faults.push(`${name} ${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      await shot(`${name}-${colorScheme}`);
    }
    looked.push(name);
  };
  const open = async (route) => {
    await page.goto(`${url}${route}`);
    await untilLive(page);
  };
  const dialog = (name) => page.getByRole('dialog', { name });
  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();

  await open('/pipelines/p/run');
  await look('start', dialog(/p/).getByRole('button', { name: 'Start', exact: true }));

  await open('/pipelines/p/edit');
  await drop(page, 'p.yaml', TEXT);
  await page.getByText('Valid: 2 blocks, 0 edges').waitFor();
  await press('Save');
  await look('replace', dialog('p is there already').getByRole('row', { name: /added/ }).first());

  await open(`/runs/${failed}`);
  await press('Re-run');
  await look('rerun', dialog('Re-run').getByText('Runs', { exact: true }));

  await open(`/runs/${held}`);
  await press('Cancel');
  await look('cancel', page.getByRole('button', { name: 'Yes, cancel the run' }));

  await open('/tools');
  await page.getByLabel('Runs that finished more than so many days ago').fill('0');
  await press('Count what would go');
  await look('cleanup', page.getByLabel('Type 0 to delete them for good'));

  await open('/datasets');
  await press('Make it up');
  await look('made', page.getByRole('table', { name: /The beginning of/ }).first());
  await page.getByRole('button', { name: 'Use in a pipeline' }).first().click();
  await look('use', dialog(/^Use /).getByRole('link').first());

  await open('/runs');
  await press('API key');
  await look('key', dialog('API key').getByRole('button', { name: 'Use this key' }));
  return { faults, looked };
});
