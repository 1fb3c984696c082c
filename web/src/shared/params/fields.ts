import type { ParamType } from '@/gql/schema-enums';

export interface Param {
  name: string;
  type: ParamType;
  default?: unknown;
  required: boolean;
  description?: string | null;
  choices?: readonly unknown[] | null;
  minimum?: number | null;
  maximum?: number | null;
}

/** What a field of the form holds: text as it is written, or whether a box is ticked. */
export type Written = string | boolean;
export type Draft = Readonly<Record<string, Written>>;

/** What the form begins with: the values that are given, else the defaults. */
export function draftOf(params: readonly Param[], given: unknown = {}): Draft {
  const values = isRecord(given) ? given : {};
  return Object.fromEntries(
    params.map((param) => [
      param.name,
      writtenOf(param, param.name in values ? values[param.name] : param.default),
    ]),
  );
}

/** The values that a link gives; one that is broken gives none. */
export function givenIn(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}

function writtenOf({ type, choices }: Param, value: unknown): Written {
  if (choices?.length) return value === null || value === undefined ? '' : JSON.stringify(value);
  if (type === 'BOOLEAN') return value === true;
  if (value === null || value === undefined) return '';
  if (type === 'JSON') return JSON.stringify(value, null, 2);
  if (type === 'DATETIME') return toLocal(String(value));
  return String(value);
}

export interface Read {
  /** What goes to the server; a param that is left empty has its default there. */
  params: Record<string, unknown>;
  /** What cannot be meant, by the param's name. */
  faults: Record<string, string>;
}

export function readDraft(params: readonly Param[], draft: Draft): Read {
  const read: Read = { params: {}, faults: {} };
  for (const param of params) {
    const written = draft[param.name] ?? '';
    if (written === '' && !isEmptyMeant(param)) {
      if (param.required) read.faults[param.name] = 'A run needs this.';
      continue;
    }
    const { value, fault } = valueOfField(param, written);
    if (fault !== undefined) read.faults[param.name] = fault;
    else read.params[param.name] = value;
  }
  return read;
}

/** A text with a default is emptied on purpose. */
function isEmptyMeant({ type, choices, default: usual }: Param): boolean {
  return type === 'STRING' && !choices?.length && typeof usual === 'string';
}

function valueOfField(param: Param, written: Written): { value?: unknown; fault?: string } {
  const { type, choices } = param;
  if (typeof written === 'boolean') return { value: written };
  if (choices?.length || type === 'JSON') return parsed(written);
  if (type === 'INTEGER' || type === 'NUMBER') return numberOf(param, written);
  if (type === 'DATETIME') return momentOf(written);
  return { value: written };
}

function parsed(written: string): { value?: unknown; fault?: string } {
  try {
    return { value: JSON.parse(written) };
  } catch (error) {
    return { fault: `This is no JSON: ${error instanceof Error ? error.message : error}` };
  }
}

function numberOf({ type, minimum, maximum }: Param, written: string) {
  const value = Number(written);
  if (written.trim() === '' || !Number.isFinite(value)) return { fault: 'This is no number.' };
  if (type === 'INTEGER' && !Number.isInteger(value)) return { fault: 'A whole number is wanted.' };
  if (typeof minimum === 'number' && value < minimum) return { fault: `At least ${minimum}.` };
  if (typeof maximum === 'number' && value > maximum) return { fault: `At most ${maximum}.` };
  return { value };
}

function momentOf(written: string) {
  const moment = new Date(written);
  if (Number.isNaN(moment.getTime())) return { fault: 'This is no date and time.' };
  return { value: moment.toISOString() };
}

/** A moment as a field for date and time has it: in the reader's zone, without an offset. */
function toLocal(iso: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return '';
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19);
}

/** What the server has against the values, by param; what is about none of them comes apart. */
export function refusalsOf(
  problems: readonly { path: readonly string[]; message: string }[],
  params: readonly Param[],
): { byParam: Record<string, string>; others: string[] } {
  const names = new Set(params.map(({ name }) => name));
  const byParam: Record<string, string> = {};
  const others: string[] = [];
  for (const { path, message } of problems) {
    const name = path[1];
    if (path[0] === 'params' && name !== undefined && names.has(name))
      byParam[name] = [byParam[name] ?? [], message].flat().join(' ');
    else others.push(message);
  }
  return { byParam, others };
}

/** The bounds and the like of a param, in words. */
export function hintOf(param: Param): string {
  const { description, minimum, maximum, type, required } = param;
  const least = typeof minimum === 'number';
  const most = typeof maximum === 'number';
  const bounds =
    least && most
      ? `${minimum} to ${maximum}.`
      : least
        ? `At least ${minimum}.`
        : most
          ? `At most ${maximum}.`
          : '';
  const zone = type === 'DATETIME' ? 'In your time zone.' : '';
  return [description, bounds, zone, required ? '' : emptyHint(param)].filter(Boolean).join(' ');
}

function emptyHint(param: Param): string {
  const { type, default: usual } = param;
  if (type === 'BOOLEAN' || isEmptyMeant(param)) return '';
  const hasDefault = usual !== null && usual !== undefined;
  return hasDefault ? 'Empty stands for the default.' : 'May be left empty.';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
