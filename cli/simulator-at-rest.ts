import { simulatorSender } from "./defaults.ts";

/** The stack's endpoint for the built-in simulator while no process is running it; nothing listens there. */
export const simulatorEndpointAtRest = "http://127.0.0.1/api/json";

/** The project's settings as they hold for the simulator, which has a number of its own to send from. */
export const settingsForSimulator = <Context extends { readonly [setting: string]: unknown }>(context: Context) =>
  (context["snumber"] ?? "") === "" ? { ...context, snumber: simulatorSender } : context;
