/** Hands a text to the reader as a file. */
export function saveFile(name: string, text: string, mediaType: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: mediaType }));
  leadTo(address, name);
  URL.revokeObjectURL(address);
}

/** Follows a link that downloads. */
export function leadTo(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
