import { Link, type To } from 'react-router';
import classes from './ui.module.css';

interface NearestNamesProps {
  names: readonly string[];
  to: (name: string) => To;
  /** What stands before them. */
  children?: string;
}

/** Names that may have been meant, each a way there; nothing where there are none. */
export function NearestNames({ names, to, children = 'Perhaps:' }: NearestNamesProps) {
  if (names.length === 0) return null;
  return (
    <div className={classes.nearest}>
      <span>{children}</span>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <Link to={to(name)}>{name}</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
