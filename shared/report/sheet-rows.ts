/**
 * A sheet's rows below its header.
 * https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
 */
export const sheetRows = 1_048_575;
