// What tests use of it; it brings no types of its own.
declare module 'jsdom' {
  export class JSDOM {
    constructor(html: string, options: { url: string; runScripts: 'outside-only' });
    readonly window: Window & typeof globalThis;
  }
}
