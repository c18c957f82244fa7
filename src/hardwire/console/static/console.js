// Refreshes what a page shows every two seconds, in place, while it is seen.
const place = document.querySelector("main[data-source]");
const pulse = document.getElementById("pulse");

async function refresh() {
  // Text that is being selected and a button that is being pressed stay as they are.
  if (document.hidden || String(getSelection()) || place.querySelector("button:active")) return;
  try {
    const answer = await fetch(place.dataset.source, { cache: "no-store" });
    if (answer.status === 401) return void (location.href = "/login");
    if (!answer.ok) throw new Error(String(answer.status));
    const scrolled = [...place.querySelectorAll("dl")].map((list) => list.scrollTop);
    const next = document.createElement("template");
    next.innerHTML = await answer.text();
    // A screen that is seen already stays until its new picture is there: nothing flickers.
    const screens = new Map([...place.querySelectorAll("img")].map((img) => [img.alt, img]));
    next.content.querySelectorAll("img").forEach((img) => {
      const seen = screens.get(img.alt);
      if (!seen) return;
      seen.src = `${img.getAttribute("src")}?at=${Date.now()}`;
      img.replaceWith(seen);
    });
    const held = place.contains(document.activeElement) && document.activeElement.form?.getAttribute("action");
    place.replaceChildren(next.content);
    if (held) place.querySelector(`form[action="${held}"] button`)?.focus();
    place.querySelectorAll("dl").forEach((list, n) => { list.scrollTop = scrolled[n] ?? 0; });
    pulse.textContent = "live";
    pulse.className = "";
  } catch {
    pulse.textContent = "the hub does not answer";
    pulse.className = "lost";
  }
}

setInterval(refresh, 2000);
