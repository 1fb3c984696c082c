// What frames and long tasks tell, from inside the page.

/** Times of everything that held the page for more than 50 ms, in ms; collected from the first script on. */
export function collectLongTasks(page) {
  return page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) globalThis.longTasks.push(entry.duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

export const longTasks = (page) => page.evaluate(() => globalThis.longTasks);

/** Scrolls an element to its end and back, a step a frame; `fps` and the `worst` frame in ms. */
export function scrolled(locator, seconds) {
  return locator.evaluate(async (element, span) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const gaps = [];
    let last = await frame();
    const begun = last;
    while (last - begun < span * 1000) {
      const part = ((last - begun) / (span * 1000)) * 2;
      const way = part < 1 ? part : 2 - part;
      element.scrollTop = way * (element.scrollHeight - element.clientHeight);
      const now = await frame();
      gaps.push(now - last);
      last = now;
    }
    return { fps: (gaps.length * 1000) / (last - begun), worst: Math.max(...gaps) };
  }, seconds);
}

/** Frames a second while something else goes on. */
export function framesDuring(page, act) {
  const counted = page.evaluate(async () => {
    globalThis.counting = true;
    let frames = 0;
    const begun = performance.now();
    while (globalThis.counting) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      frames += 1;
    }
    return (frames * 1000) / (performance.now() - begun);
  });
  return act().then(async () => {
    await page.evaluate(() => {
      globalThis.counting = false;
    });
    return counted;
  });
}
