// A client's life, whatever the client: import, start, follow, lose the connection after the first
// batches, resume by cursor, follow to the end. `client` gives `ask(query, variables)` and
// `subscribe(query, variables, sink)`, whose result ends the subscription rudely.
import { EVENTS, IMPORT, START, TIMELINE } from './documents.mjs';

export async function live(client, yaml) {
  const imported = await client.ask(IMPORT, { yaml });
  const started = await client.ask(START, { pipeline: 'followed' });
  const run = started.startRun.run.id;
  const batches = [];
  let drops = 0;
  for (;;) {
    const after = batches.at(-1)?.cursor ?? null;
    // Lost again and again, always after one more batch than the time before.
    if (await once(client, { run, after }, batches, drops < 3 ? drops + 1 : Infinity)) break;
    drops += 1;
  }
  const again = [];
  await once(client, { run, after: batches[0].cursor }, again, Infinity);
  const { run: found } = await client.ask(TIMELINE, { run, after: null });
  return {
    run,
    imported: imported.importPipeline.__typename,
    drops,
    chained: batches.every((batch, at) => batch.afterSeq === (batches[at - 1]?.throughSeq ?? 0)),
    events: batches.flatMap((batch) => batch.events.map((event) => event.seq)),
    again: again.flatMap((batch) => batch.events.map((event) => event.seq)),
    firstThrough: batches[0].throughSeq,
    last: batches.at(-1).status,
    timeline: found.timeline.nodes.map((event) => event.seq),
  };
}

// Whether it completed, rather than being dropped after `most` batches.
function once(client, variables, batches, most) {
  let left = most;
  return new Promise((resolve, reject) => {
    const drop = client.subscribe(EVENTS, variables, {
      next(data) {
        if (left === 0) return;
        const batch = data.runEvents;
        if (batch.events.length) batches.push(batch);
        left -= 1;
        if (left === 0) {
          drop();
          resolve(false);
        }
      },
      error: reject,
      complete: () => left > 0 && resolve(true),
    });
  });
}

// The `data` of a GraphQL result; errors are thrown as the server told them.
export function dataOf(result) {
  if (result.errors) throw new Error(JSON.stringify(result.errors));
  return result.data;
}
