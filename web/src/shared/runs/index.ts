export { type RunChange, RunChanges, RunChangesProvider, useRunChanges } from './changes';
export { StartRun } from './start';
export { RunSummaryFragment } from './summary';
export { usePipelineRuns } from './use-pipeline-runs';
