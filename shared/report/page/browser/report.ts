// The script of a finished report: shows times in the reader's zone and filters the table of rows.
import { filterRows } from "./filter-rows.ts";
import { showTimes } from "./show-times.ts";

showTimes();
filterRows();
