import {
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleStop,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  RotateCw,
  TriangleAlert,
  Undo2,
  Unlink,
} from 'lucide-react';
import { lookOf, type Status, type StatusIconName } from './status';
import classes from './status.module.css';

const ICONS: Record<StatusIconName, LucideIcon> = {
  check: CircleCheck,
  cross: CircleX,
  spinner: LoaderCircle,
  retry: RotateCw,
  triangle: TriangleAlert,
  dashed: CircleDashed,
  slash: CircleSlash,
  stop: CircleStop,
  'broken-link': Unlink,
  return: Undo2,
};

interface StatusIconProps {
  status: Status;
  size?: number;
  /** Set where no word stands beside it: the word is then read out. */
  labelled?: boolean;
}

/** A status as shape and colour; the word belongs beside it, or is its label. */
export function StatusIcon({ status, size = 16, labelled = false }: StatusIconProps) {
  const { icon, tone, label } = lookOf(status);
  const Icon = ICONS[icon];
  return (
    <Icon
      size={size}
      className={classes.icon}
      data-tone={tone}
      data-icon={icon}
      {...(labelled ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    />
  );
}
