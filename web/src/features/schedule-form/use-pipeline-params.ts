import { useQuery } from '@apollo/client/react';
import { problemOf } from '@/shared/api';
import type { DatasetChoice, Param } from '@/shared/params';
import { SchedulePipeline } from './documents';

const NO_PARAMS: readonly Param[] = [];
const NO_DATASETS: readonly DatasetChoice[] = [];

/** The params of the chosen pipeline, and the files that there are for them. */
export function usePipelineParams(name: string) {
  const { data, error } = useQuery(SchedulePipeline, {
    variables: { name },
    skip: name === '',
    fetchPolicy: 'cache-and-network',
  });
  const isChosen = data?.pipeline?.name === name;
  return {
    params: isChosen ? (data.pipeline?.params ?? NO_PARAMS) : NO_PARAMS,
    datasets: data?.datasets?.nodes ?? NO_DATASETS,
    problem: error ? problemOf(error) : null,
  };
}
