// Parts of a page that are fetched again while somebody looks at them. What is open stays open, what has the focus keeps it.
export function keepLive(parts) {
  for (const part of parts) {
    let last = null;
    setInterval(async () => {
      if (document.hidden || part.contains(document.activeElement?.closest("input, textarea, select"))) return;
      const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } }).catch(() => null);
      if (!answer?.ok || answer.redirected) return;
      const text = await answer.text();
      if (last !== null && text !== last) replace(part, text);
      last = text;
    }, Number(part.dataset.every) * 1000);
  }
}

function replace(part, text) {
  const open = [...part.querySelectorAll("details[open][id]")].map((fold) => fold.id);
  const focused = part.contains(document.activeElement) ? [...part.querySelectorAll("a, summary, button")].indexOf(document.activeElement) : -1;
  part.innerHTML = text;
  open.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  if (focused >= 0) part.querySelectorAll("a, summary, button")[focused]?.focus({ preventScroll: true });
}
