import { signal } from "@preact/signals";

/** Where somebody is on the page, as the address's fragment says it. */
export type Place =
  | { readonly kind: "campaigns" }
  | { readonly kind: "new" }
  | { readonly kind: "campaign"; readonly name: string };

/** The fragment of a place, for links. */
export function linkTo(place: Place): string {
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
export function placeOf(fragment: string): Place {
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
export const here = signal<Place>(placeOf(location.hash));

addEventListener("hashchange", () => {
  here.value = placeOf(location.hash);
});

/** Goes somewhere else. */
export const goTo = (place: Place): void => {
  location.hash = linkTo(place);
};
