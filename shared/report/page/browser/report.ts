// The script of a finished report: draws the plots and filters the table of rows.
import { filterRows } from "./filter-rows.ts";
import type { PlotData } from "./plot-data.ts";
import { drawPlots } from "./plots.ts";

const data = document.getElementById("plot-data")?.textContent;
if (data) drawPlots(JSON.parse(data) satisfies PlotData);
filterRows();
