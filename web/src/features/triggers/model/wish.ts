import type { SaveTriggerInput } from '@/gql/graphql';

export type Start = 'EARLIEST' | 'LATEST';

/** A trigger as its form holds it: a source for each param of the pipeline, empty for none. */
export interface Wish {
  name: string;
  pipeline: string;
  topic: string;
  start: Start;
  sources: Readonly<Record<string, string>>;
}

export interface Declared {
  name: string;
  required: boolean;
}

export const EMPTY: Wish = { name: '', pipeline: '', topic: '', start: 'LATEST', sources: {} };

interface Known {
  name: string;
  pipelineName: string;
  topic: string;
  start: Start;
  params: readonly { name: string; source: string }[];
}

export function wishOf(trigger: Known): Wish {
  const sources = Object.fromEntries(trigger.params.map(({ name, source }) => [name, source]));
  const { name, pipelineName: pipeline, topic, start } = trigger;
  return { name, pipeline, topic, start, sources };
}

export function inputOf(wish: Wish, declared: readonly Declared[]): SaveTriggerInput {
  const { name, pipeline, topic, start, sources } = wish;
  const params = declared
    .map((param) => ({ name: param.name, source: (sources[param.name] ?? '').trim() }))
    .filter(({ source }) => source !== '');
  return { name: name.trim(), pipeline, topic: topic.trim(), start, params };
}

/** What keeps it from being sent; the server knows the rest. */
export function isSound(wish: Wish, declared: readonly Declared[]): boolean {
  const isNamed = wish.name.trim() !== '' && wish.topic.trim() !== '' && wish.pipeline !== '';
  return isNamed && declared.every(({ name, required }) => !required || wish.sources[name]?.trim());
}

interface Told {
  message: string;
  path: readonly string[];
}

/** Problems by the field that they belong to: `name`, `topic`, or a param. */
export function faultsOf(problems: readonly Told[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    problems.map(({ path, message }) => [
      path[0] === 'params' ? `params.${path[1]}` : path[0],
      message,
    ]),
  );
}
