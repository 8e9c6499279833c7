/** A file of the console's page as it is served. */
export interface ServedFile {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The files of the console's page, built before. */
export interface ConsolePage {
  /** Changes with the files. */
  version(): Promise<string>;
  /** A file by its path beside `index.html`, exactly as it is called; `undefined` when there is none. */
  file(path: string): Promise<ServedFile | undefined>;
}
