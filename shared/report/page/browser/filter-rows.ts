/** Makes the table of rows searchable, by words and by status, and says how many are found. */
export function filterRows(): void {
  const form = document.querySelector<HTMLFormElement>("#row-filter");
  const search = form?.querySelector<HTMLInputElement>("input");
  const status = form?.querySelector<HTMLSelectElement>("select");
  const found = form?.querySelector<HTMLOutputElement>("output");
  const table = document.querySelector("#rows");
  if (!form || !search || !status || !found || !table) return;
  form.hidden = false;

  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")].map((line) => ({
    line,
    status: line.dataset["status"] ?? "",
    text: (line.textContent ?? "").toLowerCase(),
  }));

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const fits = (!status.value || row.status === status.value) && words.every((word) => row.text.includes(word));
      row.line.hidden = !fits;
      if (fits) count += 1;
    }
    const all = words.length === 0 && status.value === "";
    // What is looked for is found among the folded rows, too.
    table.classList.toggle("searched", !all);
    found.textContent = all ? "" : `${count} of ${rows.length} found`;
  };

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => queueMicrotask(apply));
  apply();
}
