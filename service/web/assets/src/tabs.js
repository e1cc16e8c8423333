// Tabs of a long page: links to its parts, of which one is shown. Without script everything stands one below the other.
export function followTabs(tabs) {
  if (!tabs) return;
  const links = [...tabs.querySelectorAll("a[href^='#']")];
  const panels = links.map((link) => document.querySelector(link.hash));
  const show = (at) => {
    panels.forEach((panel, number) => panel?.classList.toggle("shown", number === at));
    links.forEach((link, number) => (number === at ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
  };
  const named = () => {
    const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const at = target ? panels.findIndex((panel) => panel?.contains(target)) : -1;
    show(Math.max(at, 0));
    if (at >= 0 && !panels.includes(target)) {
      if (target.tagName === "DETAILS") target.open = true;
      target.scrollIntoView({ block: "start" });
    }
  };
  tabs.addEventListener("click", (event) => {
    const at = links.indexOf(event.target.closest("a"));
    if (at < 0) return;
    event.preventDefault();
    history.replaceState(null, "", links[at].hash);
    show(at);
  });
  tabs.addEventListener("keydown", (event) => {
    const at = links.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (at < 0 || !step) return;
    event.preventDefault();
    links[(at + step + links.length) % links.length].focus();
  });
  addEventListener("hashchange", named);
  named();
}
