/** Name and value of one form field; a Buffer is a value that is encoded already. */
export type FormField = readonly [name: string, value: string | Buffer];

/**
 * The fields as `application/x-www-form-urlencoded`, each value encoded exactly once. A space becomes `%20` and not `+`,
 * which every decoder of forms and of plain URLs reads alike.
 */
export function formBody(fields: readonly FormField[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value], index) => [
      Buffer.from(`${index === 0 ? "" : "&"}${encodeURIComponent(name)}=`, "latin1"),
      typeof value === "string" ? formValue(value) : value,
    ]),
  );
}

/** One value, encoded for a form. Half surrogate pairs, which no encoding has, become U+FFFD. */
export const formValue = (value: string): Buffer => Buffer.from(encodeURIComponent(value.toWellFormed()), "latin1");
