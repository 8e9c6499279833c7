/** Name and value of one form field; a Buffer is a value that is already encoded. */
export type FormField = readonly [name: string, value: string | Buffer];

/**
 * The fields as `application/x-www-form-urlencoded`, each value encoded exactly once. A space becomes `%20` and not `+`,
 * which every decoder of forms and of plain URLs reads alike.
 */
export function formBody(fields: readonly FormField[]): Buffer {
  const parts: Buffer[] = [];
  // Everything between two encoded values is converted to bytes in one go: a body usually has a handful of short fields.
  let text = "";
  for (const [index, [name, value]] of fields.entries()) {
    text += `${index === 0 ? "" : "&"}${encodeURIComponent(name)}=`;
    if (typeof value === "string") {
      text += formText(value);
    } else {
      parts.push(Buffer.from(text, "latin1"), value);
      text = "";
    }
  }
  const last = Buffer.from(text, "latin1");
  return parts.length === 0 ? last : Buffer.concat([...parts, last]);
}

/** One value, encoded for a form. Half surrogate pairs, which no encoding has, become U+FFFD. */
export const formValue = (value: string): Buffer => Buffer.from(formText(value), "latin1");

const formText = (value: string) => encodeURIComponent(value.toWellFormed());
