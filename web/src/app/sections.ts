/** The headings of what is offered on every page. */
export const GO_TO = 'Go to';
export const APP = 'Everywhere';
export const THEME = 'Theme';

/** The command that opens the palette, which does not offer it. */
export const PALETTE = 'app.palette';
