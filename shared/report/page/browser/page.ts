// The script of a check, a refusal and the index: shows times in the reader's zone.
import { showTimes } from "./show-times.ts";

showTimes();
