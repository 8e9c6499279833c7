// First, as what follows makes schemas.
import "./no-eval.ts";
import { ConsoleSettings } from "../shared/console/console-settings.ts";
import { Session } from "../shared/console/session.ts";

// The page's first view needs no schema but these two, whose file is loaded while their answers are under way.

/** What the stack says about itself. Throws a ZodError at anything else. */
export const readSettings = (answer: unknown): ConsoleSettings => ConsoleSettings.parse(answer);

/** What signing in gave. Throws a ZodError at anything else. */
export const readSession = (answer: unknown): Session => Session.parse(answer);
