// Pictures of diagrams come when they are about to be seen, into the page itself so that they have its fonts.
export function showPictures(boxes) {
  if (!boxes.length) return;
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watch.unobserve(target);
        show(target);
      }
    },
    { rootMargin: "400px" },
  );
  boxes.forEach((box) => watch.observe(box));
}

async function show(box) {
  try {
    const answer = await fetch(box.dataset.picture);
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    if (drawn.localName !== "svg") throw new Error("no picture");
    box.replaceChildren(document.adoptNode(drawn));
    box.dataset.ready = "yes";
  } catch {
    box.dataset.ready = "no";
  }
}
