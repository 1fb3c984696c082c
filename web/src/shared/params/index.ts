export {
  type Draft,
  draftOf,
  givenIn,
  type Param,
  readDraft,
  refusalsOf,
  type Written,
} from './fields';
export { type DatasetChoice, ParamField } from './ParamField';
