/** How one attempt at a block stands or ended. */
export type AttemptStatus =
  /** It was stopped because its run was cancelled. */
  | 'CANCELLED'
  /** It failed, crashed, or was killed for its memory. */
  | 'FAILED'
  /** A stopping worker gave it back; the next attempt has the same number. */
  | 'RELEASED'
  /** It runs. */
  | 'RUNNING'
  /** It ended well. */
  | 'SUCCEEDED'
  /** It went past its time limit. */
  | 'TIMED_OUT'
  /** Its worker was lost; this spends no retry. */
  | 'WORKER_LOST';

/** Where a block of a run stands. SUCCEEDED, FAILED, SKIPPED and CANCELLED are terminal. */
export type BlockStatus =
  /** It was stopped, or never started, because its run was cancelled. */
  | 'CANCELLED'
  /** It failed for good. */
  | 'FAILED'
  /** It waits for a worker. */
  | 'READY'
  /** It failed and is tried again at its retry time. */
  | 'RETRYING'
  /** A worker runs it. */
  | 'RUNNING'
  /** Its trigger rule can no longer hold. */
  | 'SKIPPED'
  /** It ended well. */
  | 'SUCCEEDED'
  /** It waits for upstream blocks. */
  | 'WAITING';

/** How hard a cancellation pushes by now. */
export type CancelStage =
  /** Running blocks were told, and may tidy up. */
  | 'ASKED'
  /** The run is over. */
  | 'DONE'
  /** Their processes are being killed. */
  | 'KILLING'
  /** Their claims are taken away, whatever their workers do. */
  | 'REVOKED'
  /** Their processes are being terminated. */
  | 'TERMINATING';

/** What happened to a run of a watched list. */
export type ChangeKind =
  /** It is new. */
  | 'CREATED'
  /** It was deleted, or no longer matches the filter. */
  | 'REMOVED'
  /** It changed, or matches the filter now. */
  | 'UPDATED';

/** The format of a pipeline's document. */
export type DefinitionFormat =
  /** JSON, indented. */
  | 'JSON'
  /** YAML, as people write it. */
  | 'YAML';

/** What kind of expected failure a mutation met; stable, for programs. */
export type ErrorCode =
  /** It is there already, or its state does not allow this. */
  | 'CONFLICT'
  /** It is not allowed, whoever asks. */
  | 'FORBIDDEN'
  /** It was there once and was removed. */
  | 'GONE'
  /** The idempotency key was used with another input. */
  | 'IDEMPOTENCY_CONFLICT'
  /** The input is wrong; its problems are listed. */
  | 'INVALID'
  /** A limit would be exceeded. */
  | 'LIMIT'
  /** What was named is not there. */
  | 'NOT_FOUND'
  /** Something it needs is switched off or not to be reached. */
  | 'UNAVAILABLE';

/** The level of a log line. */
export type LogLevel =
  /** For whoever looks for a fault. */
  | 'DEBUG'
  /** What is wrong. */
  | 'ERROR'
  /** What happens. */
  | 'INFO'
  /** What may be wrong. */
  | 'WARNING';

/** Where a log line came from. */
export type LogStream =
  /** The block's log. */
  | 'LOG'
  /** What the block printed to standard error. */
  | 'STDERR'
  /** What the block printed. */
  | 'STDOUT';

/** The type of a param. */
export type ParamType =
  /** True or false. */
  | 'BOOLEAN'
  /** A date and time with its offset, RFC 3339. */
  | 'DATETIME'
  /** A whole number. */
  | 'INTEGER'
  /** Any JSON value. */
  | 'JSON'
  /** A number. */
  | 'NUMBER'
  /** A path of a file; where it may lead is checked when it is used. */
  | 'PATH'
  /** Text. */
  | 'STRING';

/** Where a rerun begins. What comes before that, succeeded and means the same is reused. */
export type RerunFrom =
  /** The named blocks, and everything after them. */
  | 'BLOCKS'
  /** What did not succeed, and everything after it. */
  | 'FAILED'
  /** Everything. */
  | 'START';

/** The kinds of events of record. A run's log opens with RUN_QUEUED (seq 1), and its terminal event is the last. */
export type RunEventKind =
  /** A block made an artifact. */
  | 'ARTIFACT_CREATED'
  /** A block was cancelled. */
  | 'BLOCK_CANCELLED'
  /** A block failed for good. */
  | 'BLOCK_FAILED'
  /** A block waits for a worker. */
  | 'BLOCK_READY'
  /** A stopping worker gave a block back. */
  | 'BLOCK_RELEASED'
  /** A block failed and will be tried again. */
  | 'BLOCK_RETRYING'
  /** A block's trigger rule can no longer hold. */
  | 'BLOCK_SKIPPED'
  /** A worker took a block up. */
  | 'BLOCK_STARTED'
  /** A block ended well. */
  | 'BLOCK_SUCCEEDED'
  /** The run was cancelled. Terminal. */
  | 'RUN_CANCELLED'
  /** Its cancellation was asked for while blocks ran. */
  | 'RUN_CANCELLING'
  /** The run failed. Terminal. */
  | 'RUN_FAILED'
  /** The run was created. */
  | 'RUN_QUEUED'
  /** Its first block is about to start. */
  | 'RUN_STARTED'
  /** The run ended well. Terminal. */
  | 'RUN_SUCCEEDED'
  /** The worker of a block was lost. */
  | 'WORKER_LOST';

/** Where a run stands. SUCCEEDED, FAILED and CANCELLED are terminal. */
export type RunStatus =
  /** It was stopped. */
  | 'CANCELLED'
  /** It was asked to stop, and some blocks still run. */
  | 'CANCELLING'
  /** Every block ended, and at least one failed. */
  | 'FAILED'
  /** No block was taken up yet. */
  | 'QUEUED'
  /** At least one block was taken up. */
  | 'RUNNING'
  /** Every block ended, and none failed. */
  | 'SUCCEEDED';

/** Who started a run: UI or CLI where the request's header X-Headrace-Client says `ui` or `cli`, else API. */
export type RunTrigger =
  /** A client of the API. */
  | 'API'
  /** The command line. */
  | 'CLI'
  /** A message of a stream. */
  | 'MESSAGE'
  /** A rerun of another run. */
  | 'RERUN'
  /** A schedule. */
  | 'SCHEDULE'
  /** The web interface. */
  | 'UI';

/** What a tick does while a run of its schedule has not ended. */
export type ScheduleOverlap =
  /** It starts another run beside it. */
  | 'ALLOW'
  /** It cancels that run and starts another one. */
  | 'REPLACE'
  /** It starts none. */
  | 'SKIP';

/** What became of a tick of a schedule. */
export type TickOutcome =
  /** Its run could not be made; the schedule goes on. */
  | 'FAILED'
  /** Nobody was there to fire it until its catch-up window was over. */
  | 'MISSED'
  /** It started none, for a run had not ended. */
  | 'SKIPPED'
  /** It started a run. */
  | 'STARTED';

/** What a block asks of its direct upstream blocks, once all of them are terminal. A block that was skipped because of a failure counts as failed for those after it. */
export type TriggerRule =
  /** Nothing more: it runs whatever they came to. */
  | 'ALL_DONE'
  /** Every one succeeded. */
  | 'ALL_SUCCEEDED'
  /** At least one failed. */
  | 'ANY_FAILED'
  /** None failed. */
  | 'NONE_FAILED';

/** Where a trigger begins a topic. */
export type TriggerStart =
  /** At the oldest message that is there. */
  | 'EARLIEST'
  /** With what comes from now on. */
  | 'LATEST';

/** Whether a trigger reads its topic. */
export type TriggerStatus =
  /** It reads. */
  | 'ACTIVE'
  /** Somebody stopped it. */
  | 'PAUSED'
  /** Its topic is another one than it was, or lost messages that were read, or that were to be read: it waits for somebody to resume it. */
  | 'STREAM_RESET';

/** Which version of the pipeline a rerun runs. */
export type VersionChoice =
  /** The newest; blocks that mean the same in it can still be reused. */
  | 'LATEST'
  /** That of the run which it repeats. */
  | 'SAME';

/** How a worker stands. */
export type WorkerStatus =
  /** It takes up blocks. */
  | 'ACTIVE'
  /** It is stopping: it takes up nothing more. */
  | 'DRAINING'
  /** It fell silent; its blocks were given to others. */
  | 'LOST'
  /** It left in good order. */
  | 'STOPPED';
