// shared → features → app: what stands to the right may import what stands to the left, and no
// feature imports another. A cycle between screens began with one such import.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

/** The floor of a file and, of a feature's, the feature: ['features', 'runs']. */
function place(path) {
  const [floor, room] = path.split('/');
  if (floor === 'features') return [floor, room];
  // What stands beside the floors, such as main.tsx, is of the app.
  return [['shared', 'gql', 'test'].includes(floor) ? floor : 'app', undefined];
}

function refusal(from, to) {
  const [floor, feature] = place(from);
  const [wanted, other] = place(to);
  if (['gql', 'test'].includes(wanted)) {
    const inTest = floor === 'test' || from.includes('.test.');
    return wanted === 'test' && !inTest ? 'only tests import test helpers' : undefined;
  }
  if (floor === 'shared' && wanted !== 'shared') return 'shared imports nothing above it';
  if (floor === 'features' && wanted === 'app') return 'a feature does not import the app';
  if (floor === 'features' && wanted === 'features' && feature !== other)
    return 'a feature does not import another; what both need belongs into shared';
  if (floor === 'app' && wanted === 'features' && to.split('/').length > 2)
    return "the app imports a feature's index and nothing in it";
  return undefined;
}

const files = readdirSync(src, { recursive: true }).filter((name) => /\.tsx?$/.test(name));
const faults = files.flatMap((file) =>
  [...readFileSync(join(src, file), 'utf8').matchAll(IMPORT)].flatMap(([, specifier]) => {
    const to = specifier.startsWith('@/')
      ? specifier.slice(2)
      : specifier.startsWith('.')
        ? posix.normalize(relative(src, join(src, dirname(file), specifier)))
        : undefined;
    const why = to && !to.startsWith('..') ? refusal(file, to) : undefined;
    return why ? [`src/${file}: ${specifier}: ${why}`] : [];
  }),
);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
