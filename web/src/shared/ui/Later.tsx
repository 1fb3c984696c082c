import { type ReactNode, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

interface LaterProps {
  children: ReactNode;
  /** What keeps the room until then. */
  place?: ReactNode;
}

/**
 * Draws its children in a task of their own, after what stands around them: the browser shows that, and
 * hears what is pressed, in between. No transition: live events would put one off again and again.
 */
export function Later({ children, place = null }: LaterProps) {
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => flushSync(() => setDue(true)));
    return () => clearTimeout(timer);
  }, []);
  return isDue ? children : place;
}
