export { type Command, useCommands, useOfferedCommands } from './commands';
export { KeyCaps } from './KeyCaps';
export { effective, isSingle } from './keys';
export { setSingleKeys, singleKeys, useKeys } from './use-keys';
export { useRowCommands } from './use-row-commands';
