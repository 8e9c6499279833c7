import { signal } from "@preact/signals";
import type { ConsoleSettings } from "../../shared/console/console-settings.ts";
import { connect } from "../cloud/connect.ts";
import type { Draft } from "../list/draft.ts";
import { begunKey } from "../send/begun-key.ts";
import { loadSettings } from "../settings.ts";
import { isAtLink, refusedLink, signInByLink, takeLinkSecret } from "../sign-in/link.ts";
import { prepareToSignIn, signIn } from "../sign-in/sign-in.ts";
import type { SignedIn, SignIn } from "../sign-in/signed-in.ts";
import { abilitiesOf } from "./abilities.ts";
import type { App } from "./app.ts";
import { here, placeOf } from "./place.ts";
import { Plain, Shell } from "./shell.tsx";

/** How far the page has come. */
type Stage =
  | { readonly kind: "starting" }
  | { readonly kind: "unreachable" }
  | { readonly kind: "signed-out"; readonly why: string; readonly start?: () => Promise<void> }
  | { readonly kind: "ready"; readonly app: App };

const stage = signal<Stage>({ kind: "starting" });

/** Taken before anything else can see the address. */
const secret = takeLinkSecret();

// A link that is opened in the tab in which the page is already changes nothing but the fragment.
addEventListener("hashchange", () => {
  if (!isAtLink()) return;
  const given = takeLinkSecret();
  if (given !== secret || stage.peek().kind !== "ready") location.reload();
});

/** Reads the settings, signs in, and connects; what comes of it is shown. */
export async function start(): Promise<void> {
  stage.value = { kind: "starting" };
  // Side by side, as each takes a round trip.
  prepareToSignIn(secret);
  const byLink = signInByLink(secret);
  // Where the settings cannot be had, or say that people sign in otherwise, nobody asks what came of it.
  byLink.catch(() => {});
  try {
    const settings = await loadSettings(secret);
    const next = settings === undefined ? refusedLink(secret) : await signedIn(settings, byLink);
    // Who comes back from a login page is where they were before.
    here.value = placeOf(location.hash);
    stage.value = next;
  } catch {
    showUnreachable();
  }
}

function showUnreachable(): void {
  stage.value = { kind: "unreachable" };
}

async function signedIn(settings: ConsoleSettings, byLink: Promise<SignIn>): Promise<Stage> {
  const signed = await signIn(settings, byLink);
  return signed.kind === "signed-in" ? readyFor(settings, signed.signedIn) : signed;
}

function readyFor(settings: ConsoleSettings, signedIn: SignedIn): Stage {
  const { session } = signedIn;
  const app: App = {
    settings,
    session,
    cloud: connect(settings, signedIn),
    can: abilitiesOf(session.roles),
    draft: signal<Draft | undefined>(undefined),
    sessionOver: signal(false),
    signOut: () => {
      app.draft.value?.discard();
      sessionStorage.removeItem(begunKey);
      stage.value = { kind: "signed-out", why: "You are signed out." };
      void signedIn.signOut();
    },
  };
  return { kind: "ready", app };
}

/** The page, at whatever stage it is. */
export function Page() {
  const now = stage.value;
  switch (now.kind) {
    case "starting":
      return (
        <Plain title="Text messages">
          <p role="status">One moment…</p>
        </Plain>
      );
    case "unreachable":
      return (
        <Plain title="Text messages">
          <p role="alert">This page could not be loaded whole. Look at your connection.</p>
          <button type="button" class="primary" onClick={() => void start()}>
            Try again
          </button>
        </Plain>
      );
    case "signed-out": {
      const { start: begin } = now;
      return (
        <Plain title="Text messages">
          <p role="status">{now.why}</p>
          {begin === undefined ? null : (
            <button type="button" class="primary" onClick={() => void begin().catch(showUnreachable)}>
              Sign in
            </button>
          )}
        </Plain>
      );
    }
    case "ready":
      return <Shell app={now.app} />;
    default:
      return now satisfies never;
  }
}
