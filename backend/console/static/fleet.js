// Refreshes the fleet view every second while the page is visible.
const box = document.getElementById("fleet");
const PERIOD_MS = 1000;

function fill() {
  for (const bar of box.querySelectorAll("[data-percent]")) bar.style.width = `${bar.dataset.percent}%`;
}

async function refresh() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(box.dataset.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.status === 401) location.assign("/console/sign-in");
  if (!answer?.ok) return;
  const fresh = await answer.text();
  if (fresh !== box.dataset.shown) {
    box.dataset.shown = fresh;
    box.innerHTML = fresh;
    fill();
  }
}

fill();
setInterval(refresh, PERIOD_MS);
