/** The value of one tag of a version of an object; `undefined` where it has none, or the version is gone. */
export type TagOf = (key: string, version: string, tag: string) => Promise<string | undefined>;
