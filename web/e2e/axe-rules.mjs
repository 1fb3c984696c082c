// What every screen is held to.
export const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
