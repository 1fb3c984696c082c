// What readers do with a page that no locator can do for them.

/** Pastes onto the page, with no field in the focus. */
export const paste = (page, text) =>
  page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, text);

/** Drops a file onto the page. */
export const drop = (page, name, text) =>
  page.evaluate(
    ([called, held]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([held], called));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
    },
    [name, text],
  );
