import { signal } from "@preact/signals";
import type { FunctionComponent } from "preact";
import { Notice } from "./words.tsx";

/** A part of the page that is loaded when it is first shown, or before, when there is time. */
export interface OnDemand<Props> {
  readonly Part: FunctionComponent<Props>;
  load(): void;
}

/** A part in a file of its own, so that the first view does not wait for it. */
export function onDemand<Props extends object>(importPart: () => Promise<FunctionComponent<Props>>): OnDemand<Props> {
  const part = signal<{ readonly Loaded?: FunctionComponent<Props>; readonly failed: boolean }>({ failed: false });
  let loading = false;
  const load = () => {
    if (loading || part.peek().Loaded !== undefined) return;
    loading = true;
    importPart()
      .then((Loaded) => {
        part.value = { Loaded, failed: false };
      })
      .catch(() => {
        part.value = { failed: true };
      })
      .finally(() => {
        loading = false;
      });
  };
  const Part = (props: Props) => {
    const { Loaded, failed } = part.value;
    if (Loaded !== undefined) return <Loaded {...props} />;
    if (!failed) {
      load();
      return <div class="skeleton" aria-hidden="true" />;
    }
    return (
      <Notice kind="wrong">
        <p role="alert">This part of the page could not be loaded. Look at your connection.</p>
        <button
          type="button"
          onClick={() => {
            part.value = { failed: false };
          }}
        >
          Try again
        </button>
      </Notice>
    );
  };
  return { Part, load };
}
