// Keeps the violation feed live over the push socket. State is fetched by offset; a lost message heals.
const list = document.getElementById("feed");
const state = document.getElementById("state");
const empty = document.getElementById("empty");
const pause = document.getElementById("pause");
const KEPT = 500;
const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60000;
/** Newest sequence shown, per client. */
const offsets = new Map();
const clientNames = JSON.parse(list.dataset.clientNames);
const serviceNames = JSON.parse(list.dataset.serviceNames);
const waiting = [];
let isPaused = false;
let delay = FIRST_DELAY_MS;
let epoch = null;

for (const item of list.querySelectorAll("li[data-sequence]")) remember(item.dataset.tenant, Number(item.dataset.sequence));

function remember(client, sequence) {
  offsets.set(client, Math.max(offsets.get(client) ?? 0, sequence));
}

function show(name, text) {
  state.dataset.state = name;
  state.textContent = text;
}

function cell(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function row(event) {
  const item = document.createElement("li");
  item.className = "new";
  item.dataset.tenant = event.client_id;
  item.dataset.sequence = event.sequence;
  item.dataset.submission = event.submission_id;
  const time = cell("time", "", new Date(event.recorded_at).toISOString().slice(11, 19));
  time.dateTime = event.recorded_at;
  const what = cell("span", "what", "");
  what.append(cell("strong", "", kinds(event.kinds)), cell("span", "muted small", detail(event)));
  const where = [clientNames[event.client_id], serviceNames[event.ai_service_id] ?? event.service_host].filter(Boolean).join(" · ");
  item.append(time, cell("span", `action ${event.action}`, event.action), what, cell("span", "where small muted", where));
  return item;
}

function kinds(counts) {
  const named = Object.entries(counts ?? {}).map(([type, count]) => (count > 1 ? `${type} ×${count}` : type));
  return named.join(", ") || "AI service not approved";
}

function detail(event) {
  return [event.disposition?.replaceAll("_", " "), event.channel?.replaceAll("_", " "), `policy version ${event.policy_version}`].filter(Boolean).join(" · ");
}

function add(event) {
  const known = list.querySelector(`li[data-submission="${CSS.escape(event.submission_id)}"]`);
  const made = row(event);
  if (known) known.replaceWith(made);
  else list.prepend(made);
  while (list.children.length > KEPT) list.lastElementChild.remove();
  empty.hidden = true;
}

function receive(event) {
  remember(event.client_id, event.sequence);
  if (isPaused) waiting.push(event);
  else add(event);
}

function gap(between) {
  const item = document.createElement("li");
  item.append(cell("span", "gap", `Some events were not sent live (${between.from} to ${between.to}). Reload the page to see them all.`));
  list.prepend(item);
}

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  pause.textContent = isPaused ? "Continue" : "Pause";
  if (!isPaused) waiting.splice(0).forEach(add);
});

async function token() {
  const answer = await fetch(list.dataset.token, { method: "POST", headers: { Accept: "application/json" } });
  if (answer.status === 401) location.assign("/console/sign-in");
  if (!answer.ok) throw new Error("no token");
  return (await answer.json()).access_token;
}

function subscriptions() {
  const mine = list.dataset.client;
  if (mine) return [{ ch: "feed", client: mine, epoch, offset: offsets.get(mine) ?? null }];
  const known = [...offsets].map(([client, offset]) => ({ ch: "feed", client, epoch, offset }));
  return [{ ch: "feed", client: null, epoch, offset: null }, ...known];
}

/** Clients without an offset are not replayed: the page itself holds what happened there. */
async function catchUp() {
  if (list.dataset.client) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const item of [...page.querySelectorAll("#feed li[data-submission]")].reverse()) {
    if (list.querySelector(`li[data-submission="${CSS.escape(item.dataset.submission)}"]`)) continue;
    remember(item.dataset.tenant, Number(item.dataset.sequence));
    list.prepend(document.adoptNode(item));
    empty.hidden = true;
  }
}

async function connect() {
  let access;
  try {
    access = await token();
  } catch {
    return again();
  }
  const socket = new WebSocket(new URL(list.dataset.socket, location.href.replace(/^http/, "ws")), "quillgate.v1");
  socket.addEventListener("open", () => socket.send(JSON.stringify({ t: "hello", d: { token: access, client_version: "console", subs: subscriptions() } })));
  socket.addEventListener("message", ({ data }) => handle(socket, JSON.parse(data)));
  socket.addEventListener("close", ({ code }) => (code >= 4500 && code !== 4500 ? show("stopped", "Stopped: reload the page") : again()));
}

function handle(socket, message) {
  if (message.t === "welcome") {
    epoch = message.e ?? message.d?.epoch ?? epoch;
    delay = FIRST_DELAY_MS;
    show("live", "Live");
    catchUp();
  } else if (message.t === "feed.event") {
    for (const event of Array.isArray(message.d) ? message.d : [message.d]) receive(event);
  } else if (message.t === "gap") gap(message.d);
  else if (message.t === "ping") socket.send(JSON.stringify({ t: "pong", id: message.id }));
  else if (message.t === "auth.refresh") token().then((fresh) => socket.send(JSON.stringify({ t: "auth.refresh", d: { token: fresh } })), () => socket.close());
}

function again() {
  show("delayed", "Delayed: reconnecting …");
  setTimeout(connect, Math.random() * delay);
  delay = Math.min(delay * 2, LONGEST_DELAY_MS);
}

connect();
