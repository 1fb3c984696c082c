import type { ApolloClient } from '@apollo/client';
import { expect, test } from 'vitest';
import type { Live } from '@/shared/api';
import { aLine, aLogPage } from '@/test/builders';
import { LogStore } from './log-store';

interface Tail {
  variables: () => { after: string | null };
  next: (data: object) => void;
}

/** A log of so many lines, whose pages are brought when the test says so and whose tail is told at once. */
function aLog(count: number) {
  const lines = Array.from({ length: count }, (_, at) => aLine(at + 1, `line ${at + 1}`));
  const asked: { bring: (seqs: number[], more?: object) => Promise<void> }[] = [];
  const tails = new Set<Tail>();
  const after = (tail: Tail) => {
    const seen = Number(tail.variables().after ?? 0);
    const told = lines.filter(({ seq }) => seq > seen);
    if (told.length > 0) tail.next({ logs: { lines: told, cursor: String(lines.length) } });
  };
  const query = () =>
    new Promise((resolve) => {
      asked.push({
        bring: async (seqs, more) => {
          const nodes = seqs.flatMap((seq) => lines[seq - 1] ?? []);
          resolve({ data: aLogPage(nodes, { endCursor: String(seqs.at(-1)), ...more }) });
          await new Promise((done) => setTimeout(done));
        },
      });
    });
  const follow = (tail: Tail) => {
    tails.add(tail);
    after(tail);
    return () => tails.delete(tail);
  };
  const store = new LogStore({
    apollo: { query } as unknown as ApolloClient,
    live: { follow } as unknown as Live,
    runId: 'run_000001',
    block: null,
    attempt: null,
    minLevel: 'DEBUG',
  });
  const grow = () => {
    lines.push(aLine(lines.length + 1, `line ${lines.length + 1}`));
    for (const tail of tails) after(tail);
  };
  const drawn = () => new Promise(requestAnimationFrame);
  const seqs = () => store.view.get().lines.map(({ seq }) => seq);
  return { store, asked, grow, drawn, seqs };
}

/** One whose end is here, and whose reader has gone to its second line. */
async function aLogThatIsReadAtItsBeginning() {
  const log = aLog(900);
  log.store.start(null);
  await log.asked[0]?.bring([899, 900], { hasPreviousPage: true });
  void log.store.reach(2);
  await log.asked[1]?.bring([1, 2, 3], { hasNextPage: true });
  expect(log.seqs()).toEqual([1, 2, 3]);
  return log;
}

test('Two ways to the end at once lose no line that comes between their answers', async () => {
  const { store, asked, grow, drawn, seqs } = await aLogThatIsReadAtItsBeginning();
  void store.latest();
  void store.latest();
  await asked[2]?.bring([899, 900]);
  grow();
  await drawn();
  await asked[3]?.bring([899, 900]);
  await drawn();
  expect(seqs()).toEqual([899, 900, 901]);
});

test('A line that is brought late does not take the end away from a reader who went on to it', async () => {
  const { store, asked, seqs } = await aLogThatIsReadAtItsBeginning();
  const reached = store.reach(400);
  void store.latest();
  await asked[3]?.bring([899, 900]);
  await asked[2]?.bring([399, 400, 401], { hasNextPage: true });
  expect(await reached).toBe(false);
  expect(seqs()).toEqual([899, 900]);
});

test('An end that is brought late leaves a reader at the line that was gone to since', async () => {
  const { store, asked, grow, drawn, seqs } = await aLogThatIsReadAtItsBeginning();
  void store.latest();
  const reached = store.reach(400);
  await asked[3]?.bring([399, 400, 401], { hasNextPage: true });
  await asked[2]?.bring([899, 900]);
  expect(await reached).toBe(true);
  expect(seqs()).toEqual([399, 400, 401]);
  grow();
  await drawn();
  expect(seqs()).toEqual([399, 400, 401]);
  expect(store.view.get().hasAfter).toBe(true);
});

test('Later lines that come when the window is another one leave no gap in it', async () => {
  const { store, asked, seqs } = await aLogThatIsReadAtItsBeginning();
  void store.later();
  void store.reach(400);
  await asked[3]?.bring([399, 400, 401], { hasNextPage: true });
  await asked[2]?.bring([4, 5, 6], { hasNextPage: true });
  void store.earlier();
  void store.reach(700);
  await asked[5]?.bring([699, 700, 701], { hasNextPage: true });
  await asked[4]?.bring([396, 397, 398]);
  expect(seqs()).toEqual([699, 700, 701]);
});
