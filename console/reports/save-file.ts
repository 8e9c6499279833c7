/** How long the browser may take to begin saving, in milliseconds. */
const savingMs = 60_000;

/** Has the browser save a file under a name; it never opens it here. */
export function saveFile(content: Blob, name: string): void {
  // Of no type that a browser would show.
  const url = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), savingMs);
}
