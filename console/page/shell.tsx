import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { visibleText } from "../../shared/report/page/visible-text.ts";
import { CampaignsPage } from "../reports/campaigns-page.tsx";
import { type App, AppContext } from "./app.ts";
import { onDemand } from "./on-demand.tsx";
import { here, linkTo } from "./place.ts";
import { Notice } from "./words.tsx";

const newCampaign = onDemand(async () => (await import("../list/new-campaign.tsx")).NewCampaign);
const campaignPage = onDemand(async () => (await import("../watch/campaign-page.tsx")).CampaignPage);

/** How long after the first view the others are loaded, in milliseconds. */
const laterMs = 1_000;

/** The page of somebody who is signed in. */
export function Shell({ app }: { readonly app: App }) {
  const place = here.value;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const name = place.kind === "campaign" ? place.name : "";
  useEffect(() => {
    const timer = setTimeout(() => {
      newCampaign.load();
      campaignPage.load();
    }, laterMs);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    document.title = titleOf(place);
    if (!first.current) main.current?.querySelector<HTMLElement>("h1")?.focus();
    first.current = false;
  }, [place.kind, name]);
  return (
    <AppContext.Provider value={app}>
      <header>
        <a
          class="skip"
          href={location.hash}
          onClick={(event) => {
            event.preventDefault();
            main.current?.querySelector<HTMLElement>("h1")?.focus();
          }}
        >
          Skip to the content
        </a>
        <nav aria-label="Pages">
          <a href={linkTo({ kind: "campaigns" })} aria-current={place.kind === "campaigns" ? "page" : undefined}>
            Campaigns
          </a>
          {app.can.upload ? (
            <a href={linkTo({ kind: "new" })} aria-current={place.kind === "new" ? "page" : undefined}>
              Send to a list
            </a>
          ) : null}
        </nav>
        <div class="person">
          <span>{visibleText(app.session.person)}</span>
          <button type="button" class="link" onClick={app.signOut}>
            Sign out
          </button>
        </div>
        {app.settings.sending.simulated ? (
          <p class="practice">Practice: everything here is simulated, and nobody gets a message.</p>
        ) : null}
      </header>
      <main ref={main}>
        <SessionOver app={app} />
        <Here />
      </main>
    </AppContext.Provider>
  );
}

function Here() {
  const place = here.value;
  switch (place.kind) {
    case "campaigns":
      return <CampaignsPage />;
    case "new":
      return <newCampaign.Part />;
    case "campaign":
      return <campaignPage.Part key={place.name} name={place.name} />;
    default:
      return place satisfies never;
  }
}

function titleOf(place: typeof here.value): string {
  switch (place.kind) {
    case "campaigns":
      return "Campaigns";
    case "new":
      return "Send to a list";
    case "campaign":
      return visibleText(place.name);
    default:
      return place satisfies never;
  }
}

function SessionOver({ app }: { readonly app: App }) {
  if (!app.sessionOver.value) return null;
  return (
    <Notice kind="wrong">
      <p role="alert">
        {app.settings.signIn.kind === "link"
          ? "You have been signed out: bulk-send was stopped or started again. Open the link that it printed last."
          : "You have been signed out. Sign in again; what you have typed here is lost when you do."}
      </p>
      {app.settings.signIn.kind === "link" ? null : (
        <button type="button" onClick={() => location.reload()}>
          Sign in
        </button>
      )}
    </Notice>
  );
}

/** A page that only says something: before anybody is signed in, or when that is not possible. */
export const Plain = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <main class="plain">
    <h1 tabIndex={-1}>{title}</h1>
    {children}
  </main>
);
