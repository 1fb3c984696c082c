import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
} from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'blue',
  primaryShade: { light: 8, dark: 8 },
  autoContrast: true,
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  respectReducedMotion: true,
  components: {
    Badge: { defaultProps: { variant: 'outline' } },
    Modal: {
      defaultProps: {
        closeButtonProps: { 'aria-label': 'Close' },
        transitionProps: { duration: 120 },
      },
    },
  },
});

const ours = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-dimmed)',
  '--mantine-color-anchor': 'var(--link)',
  '--mantine-color-error': 'var(--status-failed)',
  '--mantine-color-placeholder': 'var(--text-dimmed)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-hover': 'var(--surface-hover)',
};
// What Mantine has in grey of its own, where it names no meaning: fields and lists, what is pointed at, lines.
const oursInTheDark = {
  ...ours,
  '--mantine-color-default': 'var(--surface-raised)',
  '--mantine-color-dark-6': 'var(--surface-raised)',
  '--mantine-color-dark-5': 'var(--surface-hover)',
  '--mantine-color-dark-4': 'var(--line)',
};

/** Mantine's own variables, led back to ours. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: ours,
  dark: oursInTheDark,
});

/** Under the name that color-scheme.js reads before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'headrace.colorScheme' });
