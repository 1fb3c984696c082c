export const INKS = [
  'black',
  'red',
  'green',
  'yellow',
  'blue',
  'magenta',
  'cyan',
  'white',
] as const;
export type Ink = (typeof INKS)[number];

export interface Span {
  text: string;
  ink: Ink | null;
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
}

type Style = Omit<Span, 'text'>;

const PLAIN: Style = { ink: null, bold: false, dim: false, italic: false, underline: false };
// Colours and weights are told by SGR sequences; all others would move a cursor that is not there.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPE = /\u001b(?:\[([0-9;:]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they draw nothing
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A line as its writer coloured it. */
export function spansOf(line: string): Span[] {
  if (!line.includes('\u001b')) return [{ ...PLAIN, text: line.replace(CONTROL, '') }];
  const spans: Span[] = [];
  let style = PLAIN;
  let at = 0;
  const add = (text: string) => {
    const shown = text.replace(CONTROL, '');
    if (shown) spans.push({ ...style, text: shown });
  };
  for (const found of line.matchAll(ESCAPE)) {
    add(line.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[2] === 'm') style = styled(style, found[1] ?? '');
  }
  add(line.slice(at));
  return spans;
}

/** The line without its colours: what is copied, downloaded and searched. */
export function plainText(line: string): string {
  return line.replace(ESCAPE, '').replace(CONTROL, '');
}

function styled(before: Style, given: string): Style {
  let style = before;
  const codes = given.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    // 256 colours and true colours: what they take is passed over, and nothing is coloured.
    if (code === 38 || code === 48) at += codes[at + 1] === 5 ? 2 : 4;
    else style = after(style, code);
  }
  return style;
}

function after(style: Style, code: number): Style {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 3) return { ...style, italic: true };
  if (code === 4) return { ...style, underline: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 23) return { ...style, italic: false };
  if (code === 24) return { ...style, underline: false };
  if (code === 39) return { ...style, ink: null };
  const ink = INKS[code >= 90 ? code - 90 : code - 30];
  return ink && (code >= 90 ? code < 98 : code < 38) ? { ...style, ink } : style;
}
