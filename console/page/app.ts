import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import type { Session } from "../../shared/console/session.ts";
import { type Cloud, CloudError } from "../cloud/cloud.ts";
import type { Draft } from "../list/draft.ts";
import type { Abilities } from "./abilities.ts";

/** What everything on the page may use: the stack, who is signed in, and what they have begun. */
export interface App {
  readonly settings: ConsoleSettings;
  readonly session: Session;
  readonly cloud: Cloud;
  readonly can: Abilities;
  /** The list that is being made ready, kept while somebody looks at other pages. */
  readonly draft: Signal<Draft | undefined>;
  /** Set once the keys have ended: the page then asks to sign in again, and keeps what is on it. */
  readonly sessionOver: Signal<boolean>;
  signOut(): void;
}

/** Gives the app to what is inside. */
export const AppContext = createContext<App | undefined>(undefined);

/** The app around a component. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("There is no app around this.");
  return app;
}

/** What to tell somebody about a call that came to nothing; when the keys have ended the page says so as a whole. */
export function troubleInWords(app: Pick<App, "sessionOver">, error: unknown): string {
  if (error instanceof DOMException) return "The file has changed or moved since you chose it. Choose it again.";
  if (!(error instanceof CloudError)) return "Something went wrong on this page. Load it again.";
  switch (error.trouble) {
    case "offline":
      return "There is no connection. Try it again once it is back.";
    case "signed-out":
      app.sessionOver.value = true;
      return "You have been signed out.";
    case "not-allowed":
      return "You may not do this. Ask whoever looks after this system for the right to.";
    case "failed":
      return "That did not work. Try it again; if it goes on, tell whoever looks after this system.";
    default:
      return error.trouble satisfies never;
  }
}
