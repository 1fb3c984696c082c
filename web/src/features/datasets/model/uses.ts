import type { ParamType } from '@/gql/graphql';

interface Pipeline {
  name: string;
  params: readonly { name: string; type: ParamType }[];
}

export interface Use {
  pipeline: string;
  param: string;
  /** The form that starts it, with the file filled in. */
  to: string;
}

/** Where a file can go: every param of a pipeline that is a path. */
export function usesOf(path: string, pipelines: readonly Pipeline[]): Use[] {
  return pipelines.flatMap(({ name, params }) =>
    params
      .filter(({ type }) => type === 'PATH')
      .map((param) => ({
        pipeline: name,
        param: param.name,
        to: `/pipelines/${name}/run?${new URLSearchParams({ params: JSON.stringify({ [param.name]: path }) })}`,
      })),
  );
}
