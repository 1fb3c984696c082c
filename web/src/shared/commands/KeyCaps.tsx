import { Fragment } from 'react';
import { capsOf } from './keys';
import classes from './keys.module.css';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of a command as they stand on a keyboard. */
export function KeyCaps({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {capsOf(keys, isMac).map((caps, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same key may come twice, and none moves
        <Fragment key={at}>
          {at > 0 && <span className={classes.then}>then</span>}
          {caps.map((cap) => (
            <kbd key={cap}>{cap}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
