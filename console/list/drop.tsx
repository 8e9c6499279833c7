import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { useFocusAtFirst } from "../page/dialog.tsx";
import { type Dropped, sortOut } from "./draft.ts";

/** Files that miss the field must not take the place of the page. */
function keepPage(): () => void {
  const keep = (event: DragEvent) => event.preventDefault();
  addEventListener("dragover", keep);
  addEventListener("drop", keep);
  return () => {
    removeEventListener("dragover", keep);
    removeEventListener("drop", keep);
  };
}

interface DropProps {
  /** Whether the choice of a file has the focus from the beginning. */
  readonly focused: boolean;
  readonly onList: (list: Extract<Dropped, { kind: "list" }>) => Promise<void>;
}

/** Takes a list, dropped or chosen. */
export function Drop({ focused, onList }: DropProps) {
  const id = useId();
  const choice = useFocusAtFirst<HTMLInputElement>(focused);
  const over = useSignal(false);
  const fault = useSignal<string | undefined>(undefined);
  useEffect(keepPage, []);
  const take = async (files: FileList | null | undefined) => {
    over.value = false;
    if (files === null || files === undefined || files.length === 0) return;
    const dropped = await sortOut([...files]);
    if (dropped.kind === "list") await onList(dropped);
    else fault.value = dropped.reason;
  };
  return (
    <>
      <label
        class={`drop ${over.value ? "over" : ""}`}
        for={id}
        onDragOver={(event) => {
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => {
          over.value = false;
        }}
        onDrop={(event) => {
          event.preventDefault();
          void take(event.dataTransfer?.files);
        }}
      >
        <span class="drop-title">Drop your list here</span>
        <span class="quiet">or choose a file: an Excel workbook (.xlsx) or CSV</span>
        <input
          id={id}
          ref={choice}
          type="file"
          class="unseen"
          accept=".csv,.xlsx,.json"
          multiple
          onChange={(event) => {
            const input = event.currentTarget;
            void take(input.files).then(() => {
              input.value = "";
            });
          }}
        />
        <span class="button">Choose a file</span>
      </label>
      <p role="alert" class="fault">
        {fault.value}
      </p>
      <p class="quiet small">
        The first line names the columns, and one of them has the phone numbers. Nothing is sent until you say so.
      </p>
    </>
  );
}
