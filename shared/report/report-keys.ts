/** Keys of the objects that a campaign's report consists of. */
export const reportKeys = (name: string) => ({
  report: `reports/${name}/report.csv`,
  notSent: `reports/${name}/not-sent.csv`,
  unknown: `reports/${name}/unknown.csv`,
  summary: `reports/${name}/summary.json`,
  page: `reports/${name}/report.html`,
});

/** Key of the note about an upload that was refused because the name was taken; never over the first campaign's report. */
export const refusalKey = (name: string, version: string) => `reports/${name}/refused-${version}.json`;
