import { signal } from "@preact/signals";

/** Where somebody is on the page, as the address's fragment says it. */
export type PagePlace =
  | { readonly kind: "campaigns" }
  | { readonly kind: "new" }
  | { readonly kind: "campaign"; readonly name: string };

/** The fragment of a place, for links. */
export function linkTo(place: PagePlace): string {
  switch (place.kind) {
    case "campaigns":
      return "#/";
    case "new":
      return "#/new";
    case "campaign":
      return `#/campaign/${encodeURIComponent(place.name)}`;
    default:
      return place satisfies never;
  }
}

/** The place of a fragment; the list of campaigns where it means none. */
export function placeOf(fragment: string): PagePlace {
  if (fragment === "#/new") return { kind: "new" };
  const name = /^#\/campaign\/(.+)$/.exec(fragment)?.[1];
  return name === undefined ? { kind: "campaigns" } : { kind: "campaign", name: decoded(name) };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Where somebody is now. */
export const here = signal<PagePlace>(placeOf(location.hash));

addEventListener("hashchange", () => {
  here.value = placeOf(location.hash);
});

/** Goes somewhere else. */
export const goTo = (place: PagePlace): void => {
  location.hash = linkTo(place);
};
