/**
 * Collects what comes in and hands it on once per animation frame, in order: a burst of events costs
 * one drawing. A hidden tab draws no frames, so there a timer stands in for them.
 */
export class FrameBuffer<T> {
  private waiting: T[] = [];
  private cancel: (() => void) | null = null;

  constructor(private readonly flushed: (items: T[]) => void) {}

  push(item: T): void {
    this.waiting.push(item);
    this.cancel ??= nextFrame(() => this.flush());
  }

  flush(): void {
    this.cancel?.();
    this.cancel = null;
    const items = this.waiting;
    this.waiting = [];
    if (items.length > 0) this.flushed(items);
  }

  /** Forgets what waits. */
  clear(): void {
    this.cancel?.();
    this.cancel = null;
    this.waiting = [];
  }
}

const HIDDEN_FRAME_MS = 250;

function nextFrame(act: () => void): () => void {
  if (document.visibilityState === 'hidden') {
    const timer = setTimeout(act, HIDDEN_FRAME_MS);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(act);
  return () => cancelAnimationFrame(frame);
}

/** After two frames: what is measured in the first one is drawn in the second. */
export async function onceDrawn(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1)
    await new Promise<void>((resolve) => nextFrame(resolve));
  await nextTask();
}

/** Lets the browser draw and hear before what follows. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
