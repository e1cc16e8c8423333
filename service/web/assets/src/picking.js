// Selecting rows for 批量办理: how many there are, all of a page at once, a bar that shows itself when there is something to do.
export function pickRows(page) {
  const bar = page.querySelector("[data-bulk]");
  if (!bar) return;
  const told = bar.querySelector("[data-picked]");
  const boxes = () => [...page.querySelectorAll("[data-pick]:not(:disabled)")];
  const tell = () => {
    const count = boxes().filter((box) => box.checked).length;
    bar.toggleAttribute("data-none", count === 0);
    told.textContent = told.dataset.words.replace("{count}", count);
    const all = page.querySelector("[data-pick-all]");
    if (!all) return;
    all.checked = count > 0 && count === boxes().length;
    all.indeterminate = count > 0 && count < boxes().length;
  };
  page.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) boxes().forEach((box) => (box.checked = event.target.checked));
    if (event.target.matches("[data-pick], [data-pick-all]")) tell();
  });
  page.addEventListener("list:renewed", tell);
  tell();
}

// A run over many tasks goes on by itself while its page is open; without script its button does the same.
export async function goOn(page) {
  const place = page.querySelector("[data-run]");
  for (let form = place?.querySelector("[data-go-on]"); form; form = place.querySelector("[data-go-on]")) {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) return;
    place.innerHTML = await answer.text();
  }
}
