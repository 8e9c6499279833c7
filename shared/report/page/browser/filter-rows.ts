/** Makes the table of rows searchable, by words and by status, and says how many are shown. */
export function filterRows(): void {
  const form = document.querySelector<HTMLFormElement>("#row-filter");
  const search = form?.querySelector<HTMLInputElement>("input");
  const status = form?.querySelector<HTMLSelectElement>("select");
  const shown = form?.querySelector<HTMLOutputElement>("output");
  if (!form || !search || !status || !shown) return;
  form.hidden = false;

  const rows = [...document.querySelectorAll<HTMLTableRowElement>("#rows tbody tr")].map((line) => ({
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
    shown.textContent = count === rows.length ? `All ${count} shown` : `${count} of ${rows.length} shown`;
  };

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => queueMicrotask(apply));
  apply();
}
