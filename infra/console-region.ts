/** The regions of AWS's other partitions, by the beginnings of their names: they lack CloudFront or managed login, or nobody has tried. */
const withoutConsole = /^(?:cn-|us-gov-|us-iso|eu-isoe-|eusc-)/u;

/**
 * Why a stack of this region cannot have the console, in a sentence; `undefined` where it can, or where the region is not known
 * before it is deployed.
 */
export const consoleRegionFault = (console: boolean, region: string | undefined): string | undefined =>
  console && region !== undefined && withoutConsole.test(region)
    ? `console is true, but ${region} is a region of China, GovCloud or another partition of its own, for which the console is not made: take "console" away. Lists are then uploaded to the bucket, or with the command line.`
    : undefined;
