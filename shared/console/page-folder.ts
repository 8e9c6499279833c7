/** The folder of the page's bucket that the page is in. */
export const pageFolder = "console/";

/** The key of what the page is told about its stack. */
export const pageSettingsKey = `${pageFolder}config.json`;
