// Fails when src/gql is not what the schema and the documents make: it is generated into place and compared.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('..', import.meta.url));
const folder = `${web}src/gql`;
const contents = () =>
  readdirSync(folder)
    .sort()
    .map((name) => `${name}\n${readFileSync(`${folder}/${name}`, 'utf8')}`)
    .join('\n');

const before = contents();
execFileSync('npx', ['graphql-codegen', '--config', 'codegen.ts', '--silent'], {
  cwd: web,
  stdio: 'inherit',
});
if (contents() !== before) {
  console.error('src/gql was stale and has been written anew: look at the change and commit it');
  process.exit(1);
}
