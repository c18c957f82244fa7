// Refreshes the devices every two seconds, in place, while the page is seen.
const place = document.getElementById("devices");
const pulse = document.getElementById("pulse");

async function refresh() {
  if (document.hidden || String(getSelection())) return;
  try {
    const answer = await fetch("/devices", { cache: "no-store" });
    if (answer.status === 401) return void (location.href = "/login");
    if (!answer.ok) throw new Error(String(answer.status));
    const scrolled = [...place.querySelectorAll("dl")].map((list) => list.scrollTop);
    place.innerHTML = await answer.text();
    place.querySelectorAll("dl").forEach((list, n) => { list.scrollTop = scrolled[n] ?? 0; });
    pulse.textContent = "live";
    pulse.className = "";
  } catch {
    pulse.textContent = "the hub does not answer";
    pulse.className = "lost";
  }
}

setInterval(refresh, 2000);
