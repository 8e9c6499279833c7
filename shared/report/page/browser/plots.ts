import { answersPlot } from "./answers-plot.ts";
import { callsPlot } from "./calls-plot.ts";
import { plotHeight } from "./draw-plot.ts";
import type { PlotData } from "./plot-data.ts";

/** Draws both plots, and redraws them when the colours change: light, dark or on paper. */
export function drawPlots(data: PlotData): void {
  const places = [
    { place: document.getElementById("calls-plot"), plot: callsPlot },
    { place: document.getElementById("answers-plot"), plot: answersPlot },
  ].flatMap(({ place, plot }) => (place ? [{ place, plot, drawn: plot(data, place) }] : []));

  const redraw = () => {
    for (const each of places) {
      each.drawn.destroy();
      each.drawn = each.plot(data, each.place);
    }
  };
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", redraw);

  const fit = new ResizeObserver(() => {
    for (const { place, drawn } of places) {
      if (place.clientWidth > 0 && place.clientWidth !== drawn.width) {
        drawn.setSize({ width: place.clientWidth, height: plotHeight });
      }
    }
  });
  for (const { place } of places) fit.observe(place);
}
