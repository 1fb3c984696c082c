import { ActionIcon, useMantineColorScheme } from '@mantine/core';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useCommands } from '@/shared/commands';
import { THEME } from './sections';

const SCHEMES = {
  light: { label: 'Theme: light', icon: Sun, next: 'dark' },
  dark: { label: 'Theme: dark', icon: Moon, next: 'auto' },
  auto: { label: 'Theme: as the system', icon: Monitor, next: 'light' },
} as const;

export function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  useCommands(
    (['light', 'dark', 'auto'] as const).map((scheme) => ({
      id: `theme.${scheme}`,
      label: SCHEMES[scheme].label,
      section: THEME,
      run: () => setColorScheme(scheme),
    })),
  );
  const { label, icon: Icon, next } = SCHEMES[colorScheme];
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      title={label}
      aria-label={label}
      onClick={() => setColorScheme(next)}
    >
      <Icon size={16} aria-hidden />
    </ActionIcon>
  );
}
